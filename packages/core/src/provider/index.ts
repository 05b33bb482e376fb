/**
 * The provider contract: everything a provider package may import from Headgate.
 *
 * @packageDocumentation
 */
export type { JsonObject, TextWire, Usage, Wire, WireFeature } from "@headgate/wire";
export type { Ask, AskInit, AskReply } from "./ask.ts";
export type { Call, HttpRequest, Operation } from "./call.ts";
export type { Detection, Recognised } from "./detection.ts";
export type { PlaceEvidence, ServedCall } from "./evidence.ts";
export type { BodyPatch, FailedReply, Failure, FailureKind } from "./failure.ts";
export type { LoadProgress, ModelStatus } from "./load.ts";
export { isLoopbackAddress, isLoopbackHost } from "./loopback.ts";
export type { InputKind, ModelCost, ModelFacts } from "./model.ts";
export { type Boundary, isInside, type Place } from "./place.ts";
export type {
  ConfigIssue,
  ConfigResult,
  ConfigSchema,
  HostKey,
  ProviderAuth,
  ProviderPlugin,
} from "./plugin.ts";
export { defineProvider } from "./plugin.ts";
export type { AnswerHead, Observed, Provider, Refresh, WireQuality } from "./provider.ts";
export { CallRefused } from "./refusal.ts";
