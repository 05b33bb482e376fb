/** A test of this repository, by its file and its name as it stands there. */
export type TestName = `${string}.test.ts > ${string}`;

/** What users of gateways suffered, and the tests that hold it here, or why it cannot happen. */
export type Lesson = { readonly symptom: string } & (
  | { readonly tests: readonly [TestName, ...TestName[]]; readonly cannot?: never }
  | { readonly cannot: string; readonly tests?: never }
);
