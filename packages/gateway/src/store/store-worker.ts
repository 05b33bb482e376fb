import { parentPort, workerData } from "node:worker_threads";
import { Keeper } from "./keeper.ts";
import { type AllBounds, type FromWorker, sizeOf, type ToWorker, type Write } from "./messages.ts";
import { openDatabase } from "./sqlite.ts";

// A thread of its own: whatever the disk does, no answer waits for it.

const { file, bounds } = workerData as { readonly file: string; readonly bounds: AllBounds };

const say = (message: FromWorker): void => parentPort?.postMessage(message);

const faultOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function open(): Keeper | undefined {
  try {
    return new Keeper(openDatabase(file), bounds);
  } catch (error) {
    say({ kind: "off", reason: faultOf(error) });
    return undefined;
  }
}

/** Entries of one transaction at most, and the milliseconds that the first of them waits: one of many costs half as much for each. */
const mostEntries = 512;
const longestWait = 100;

let held: Write[] = [];
let timer: NodeJS.Timeout | undefined;

function hold(keeper: Keeper, entries: readonly Write[]): void {
  held.push(...entries);
  if (held.length >= mostEntries) commit(keeper);
  else timer ??= setTimeout(() => commit(keeper), longestWait);
}

function commit(keeper: Keeper): void {
  clearTimeout(timer);
  timer = undefined;
  if (held.length === 0) return;
  const entries = held;
  held = [];
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  const count = entries.reduce((sum, entry) => sum + (entry.kind === "page" ? entry.count : 1), 0);
  const written = { kind: "written", entries: count, size } as const;
  try {
    keeper.write(entries);
    say(written);
  } catch (error) {
    say({ ...written, fault: faultOf(error) });
  }
  tidy(keeper);
}

/** What could not be deleted now is looked at again with the next write. */
function tidy(keeper: Keeper): void {
  try {
    keeper.tidy(Date.now());
  } catch {
    // Another process is writing, or the disk is full: neither is worth the thread.
  }
}

function answer(keeper: Keeper, { number, topic, ask }: Extract<ToWorker, { kind: "ask" }>): void {
  try {
    // What is asked and its topic come from one call, whose types fit each other.
    say({ kind: "answer", number, answer: keeper.answer(topic, ask as never) });
  } catch (error) {
    say({ kind: "answer", number, fault: faultOf(error) });
  }
}

const keeper = open();

parentPort?.on("message", (message: ToWorker) => {
  if (keeper === undefined) {
    if (message.kind === "close") parentPort?.close();
    return;
  }
  if (message.kind === "write") return hold(keeper, message.entries);
  commit(keeper);
  if (message.kind === "ask") return answer(keeper, message);
  if (message.kind === "bounds") {
    keeper.keep(message.bounds);
    return tidy(keeper);
  }
  keeper.close();
  parentPort?.close();
});

if (keeper !== undefined) tidy(keeper);
