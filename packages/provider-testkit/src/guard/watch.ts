import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { trapDate, trapEnvironment } from "./environment.ts";
import { changesSince, takeSnapshot } from "./global-state.ts";
import { type Meet, type Reach, replace, trapped } from "./trap.ts";
import { findTraps } from "./traps.ts";

/** What was seen of a call: what it reached for, and how it ended. */
export interface Watched<Result> {
  /** In sentences that go on from "it ": `reads process.env.HOME`. */
  readonly reached: readonly string[];
  /** Absent where it threw. */
  readonly result?: Result;
  readonly thrown?: unknown;
}

interface Watcher {
  readonly reached: Set<string>;
  /** What is no business of the one that is watched. */
  readonly forbidden: ReadonlySet<Reach>;
}

const verbs: Readonly<Record<Reach, string>> = {
  io: "does I/O",
  environment: "reads its environment",
  clock: "reads a clock",
  random: "draws random numbers",
  timer: "starts a timer or a later turn",
  state: "changes what the process shares",
};

/** Who is watched: only what the watched one does is noted, whatever else runs in this process. */
const watchers = new AsyncLocalStorage<Watcher>();

const meet: Meet = (reach, name) => {
  const watcher = watchers.getStore();
  if (watcher?.forbidden.has(reach) !== true) return;
  watcher.reached.add(`${verbs[reach]} (${name})`);
  // A test reaches nobody outside, whatever a plugin tries.
  if (reach === "io") throw new Error(`a plugin does no I/O: ${name}`);
};

/** All that is pure: the whole of a plugin but its look-ups. */
const everything: ReadonlySet<Reach> = new Set(Object.keys(verbs) as Reach[]);

/** A look-up takes time, and asks through the host alone. */
const outside: ReadonlySet<Reach> = new Set<Reach>(["io", "environment"]);

/** What a call that starts anything later shows of it, even by a function that was kept from before the traps. */
const later = createHook({
  init(_id, type) {
    watchers.getStore()?.reached.add(`starts something that ends later (${type})`);
  },
});

/** Sets the traps; the result takes them away. */
function setTraps(): () => void {
  const undo = findTraps().map((trap) =>
    replace(trap.owner, trap.key, trapped(Reflect.get(trap.owner, trap.key) as object, trap, meet)),
  );
  undo.push(trapDate(meet), trapEnvironment(meet));
  syncBuiltinESMExports();
  return () => {
    for (const one of undo.toReversed()) one();
    syncBuiltinESMExports();
  };
}

/** Watches calls that must be pure. The traps stand from one call to the next: `act` makes as many as it likes. */
export function watching<Result>(act: (watch: <Value>(call: () => Value) => Watched<Value>) => Result): Result {
  const release = setTraps();
  try {
    return act(watch);
  } finally {
    release();
  }
}

function watch<Value>(call: () => Value): Watched<Value> {
  const watcher: Watcher = { reached: new Set(), forbidden: everything };
  const before = takeSnapshot();
  later.enable();
  const end = endOf(() => watchers.run(watcher, call));
  later.disable();
  const changes = changesSince(before).map((change) => `${verbs.state} (${change})`);
  return { reached: [...watcher.reached, ...changes], ...end };
}

function endOf<Value>(call: () => Value): { readonly result: Value } | { readonly thrown: unknown } {
  try {
    return { result: call() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Watches a look-up, which may take its time. */
export async function watchLookup<Value>(act: () => Promise<Value>): Promise<Watched<Value>> {
  const watcher: Watcher = { reached: new Set(), forbidden: outside };
  const release = setTraps();
  try {
    const result = await watchers.run(watcher, act);
    return { reached: [...watcher.reached], result };
  } catch (thrown) {
    return { reached: [...watcher.reached], thrown };
  } finally {
    release();
  }
}

/** Does what the host does for a plugin that is being watched. */
export const unwatched = <Result>(act: () => Result): Result => watchers.exit(act);
