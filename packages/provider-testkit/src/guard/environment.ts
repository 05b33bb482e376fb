import { type Meet, replace } from "./trap.ts";

/** Says which variables are read, listed or written, and lets it happen. */
export function trapEnvironment(meet: Meet): () => void {
  const met = (key: string | symbol): void => {
    if (typeof key === "string") meet("environment", `process.env.${key}`);
  };
  const stand = new Proxy(process.env, {
    get: (target, key) => {
      met(key);
      return Reflect.get(target, key);
    },
    has: (target, key) => {
      met(key);
      return Reflect.has(target, key);
    },
    set: (target, key, value) => {
      met(key);
      return Reflect.set(target, key, value);
    },
    ownKeys: (target) => {
      met("*");
      return Reflect.ownKeys(target);
    },
  });
  return replace(process, "env", stand);
}

/** `new Date()`, `Date()` and `Date.now()` are the clock; a date of something is not. */
export function trapDate(meet: Meet): () => void {
  const Original = globalThis.Date;
  const stand: DateConstructor = new Proxy(Original, {
    apply(target) {
      meet("clock", "Date()");
      return target();
    },
    construct(target, args, newTarget) {
      if (args.length === 0) meet("clock", "new Date()");
      return Reflect.construct(target, args, newTarget === stand ? target : newTarget);
    },
  });
  return replace(globalThis, "Date", stand);
}

/**
 * Runs something in a world without this process's variables, but with some of a plugin's own: for whoever has kept
 * `process.env` from before. Nothing else can run meanwhile.
 */
export function inOtherEnvironment<Result>(variables: Readonly<Record<string, string>>, act: () => Result): Result {
  const before = { ...process.env };
  for (const name of Object.keys(before)) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    return act();
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
