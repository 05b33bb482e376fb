/**
 * The conformance kit: whether a provider plugin keeps the contract's promises, offline.
 *
 * @packageDocumentation
 */
export {
  type BackendDescription,
  type DescribedFailure,
  type DescribedLookup,
  type DescribedWire,
  defineBackend,
} from "./backend/description.ts";
export { type BackendName, backendNames } from "./backend/simulated.ts";
export { type Case, docsLink, type Findings, type Topic, topics } from "./case.ts";
export { cases } from "./cases/index.ts";
export { type CaseReport, type CheckOptions, checkProvider } from "./check-provider.ts";
export type { Outcome } from "./run-case.ts";
export type { TestRunner } from "./runner.ts";
export type { Address, Settings } from "./settings.ts";
export type { ProviderTest, Subject } from "./subject.ts";
export { type TestProviderOptions, testProvider } from "./test-provider.ts";
