import { type Reach, type Trap, trapsOf } from "./trap.ts";

const modules: readonly (readonly [reach: Reach, names: readonly string[]])[] = [
  ["io", ["fs", "fs/promises", "net", "tls", "http", "https", "http2", "dns", "dns/promises", "dgram"]],
  ["io", ["child_process", "worker_threads", "cluster"]],
  ["environment", ["os"]],
  ["timer", ["timers", "timers/promises"]],
];

const randomOfCrypto = ["randomBytes", "randomFill", "randomFillSync", "randomInt", "randomUUID", "getRandomValues"];

const inGlobal: Partial<Record<Reach, readonly string[]>> = {
  io: ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "Worker", "BroadcastChannel"],
  timer: ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
};

const inProcess: Partial<Record<Reach, readonly string[]>> = {
  io: ["exit", "abort", "kill", "emitWarning"],
  environment: ["cwd", "chdir", "memoryUsage", "loadEnvFile"],
  clock: ["uptime", "hrtime"],
  timer: ["nextTick"],
  state: ["on", "once", "addListener", "prependListener"],
};

/** Everything that is trapped while a plugin is watched, but for `Date` and `process.env`. */
export function findTraps(): readonly Trap[] {
  return [
    ...modules.flatMap(([reach, names]) => names.flatMap((name) => ofModule(name, reach))),
    ...ofModule("crypto", "random", randomOfCrypto),
    ...byReach(globalThis, "", inGlobal),
    ...byReach(process, "process.", inProcess),
    ...trapsOf(process.hrtime, "process.hrtime.", "clock", ["bigint"]),
    ...trapsOf(Math, "Math.", "random", ["random"]),
    ...trapsOf(Date, "Date.", "clock", ["now"]),
    ...trapsOf(Object.getPrototypeOf(performance), "performance.", "clock", ["now"]),
    ...trapsOf(Object.getPrototypeOf(crypto), "crypto.", "random", ["getRandomValues", "randomUUID"]),
    ...trapsOf(console, "console.", "io"),
  ];
}

function ofModule(name: string, reach: Reach, only?: readonly string[]): readonly Trap[] {
  const found: object | undefined = process.getBuiltinModule(name);
  return found === undefined ? [] : trapsOf(found, `${name}.`, reach, only);
}

function byReach(owner: object, prefix: string, names: Partial<Record<Reach, readonly string[]>>): readonly Trap[] {
  return Object.entries(names).flatMap(([reach, keys]) => trapsOf(owner, prefix, reach as Reach, keys));
}
