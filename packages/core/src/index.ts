/**
 * The decisions of Headgate: config, names, admission, fallback and receipts, on Web standards alone.
 *
 * @packageDocumentation
 */
export type { BreakerState } from "./admit/breaker.ts";
export { Cancellation, type CancelSignal } from "./cancellation.ts";
export * from "./config/index.ts";
export { type AskOptions, configuredModels, createAsk } from "./discovery/index.ts";
export {
  type Destination,
  destinationOf,
  errorWireOf,
  type ListDestination,
  type ModelDestination,
  parseBody,
  type StateDestination,
  wirePaths,
} from "./edge.ts";
export { type Block, type BlockStore, createMemoryBlocks, type Notice } from "./evidence/index.ts";
export type { ExplainedCandidate, Explanation } from "./explain.ts";
export { errorOutbound } from "./failure/reply.ts";
export { type FailureRule, failureTable } from "./failure/table.ts";
export { fetchTransport } from "./fetch.ts";
export { askStatus, type LoadMeans, type LoadOptions, type LoadResult } from "./load/index.ts";
export { type ModelListing, modelsOutbound } from "./model-list.ts";
export * from "./names/index.ts";
export { type CheckedPlugin, checkPlugin, type PluginFault } from "./plugin-check.ts";
export * from "./ports.ts";
export * from "./provider/index.ts";
export { isLoopbackOrigin, type ProviderEntry } from "./providers.ts";
export type { AttemptRecord, CandidateRecord, ClockName, Receipt } from "./receipt/receipt.ts";
export type { ClientTrace } from "./receipt/trace.ts";
export { nextRequestId } from "./request-id.ts";
export { ConfigError, createRouter, type Router, type RouterOptions } from "./router.ts";
export { BrokenAnswer } from "./run/stream-body.ts";
export * from "./simulate/index.ts";
export * from "./state/index.ts";
