/** The two functions that every test runner has. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
}

/**
 * The runner that this file runs under: what was given, else the globals of Jest, Mocha and Vitest, else Node's own.
 *
 * @throws Error under Vitest without globals, whose functions nobody but the test can import.
 */
export function findRunner(given: Partial<TestRunner>): TestRunner {
  const { describe = globalOf("describe"), it = globalOf("it") } = given;
  if (isCallable(describe) && isCallable(it)) return { describe, it } as TestRunner;
  if (process.env.VITEST !== undefined) {
    throw new Error(
      'pass Vitest\'s functions on: import { describe, it } from "vitest", testProvider({ …, describe, it })',
    );
  }
  return process.getBuiltinModule("node:test") as TestRunner;
}

const globalOf = (name: "describe" | "it"): unknown => Reflect.get(globalThis, name);

const isCallable = (value: unknown): boolean => typeof value === "function";
