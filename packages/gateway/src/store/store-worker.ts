import { parentPort, workerData } from "node:worker_threads";
import { Keeper } from "./keeper.ts";
import { type AllBounds, type FromWorker, sizeOf, type ToWorker } from "./messages.ts";
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

function write(keeper: Keeper, { entries }: Extract<ToWorker, { kind: "write" }>): void {
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  const written = { kind: "written", entries: entries.length, size } as const;
  try {
    keeper.write(entries);
    say(written);
  } catch (error) {
    say({ ...written, fault: faultOf(error) });
  }
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
  if (message.kind === "close") {
    keeper?.close();
    parentPort?.close();
    return;
  }
  if (keeper === undefined) return;
  if (message.kind === "write") write(keeper, message);
  else if (message.kind === "ask") answer(keeper, message);
  else keeper.keep(message.bounds);
  if (message.kind === "write" || message.kind === "bounds") tidy(keeper);
});

if (keeper !== undefined) tidy(keeper);
