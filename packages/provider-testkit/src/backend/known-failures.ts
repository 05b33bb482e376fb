import type { FailureKind } from "@headgate/core";
import type { faults } from "@headgate/simulator";
import type { KnownFailure } from "./backend.ts";
import type { BackendName } from "./simulated.ts";

/** What each of a simulated backend's failures is, and what its breakdown amounts to. */
type Kinds<Name extends BackendName> = Readonly<Record<keyof (typeof faults)[Name], FailureKind>> & {
  readonly breakdown: FailureKind;
};

const kinds: { readonly [Name in BackendName]: Kinds<Name> } = {
  lmstudio: {
    breakdown: "bad_answer",
    notLoaded: "model_cold",
    unloaded: "model_cold",
    noModelsLoaded: "model_missing",
    modelNotFound: "model_missing",
    loadFailed: "overloaded",
    contextOverflow: "context_overflow",
    crashed: "bad_answer",
    emptyStream: "bad_answer",
    unexpectedEndpoint: "unsupported",
    unauthenticated: "unauthenticated",
  },
  anthropic: {
    breakdown: "overloaded",
    overloaded: "overloaded",
    overloadedInStream: "overloaded",
    rateLimited: "rate_limited",
    spendLimit: "quota_exhausted",
    creditsExhausted: "quota_exhausted",
    billing: "quota_exhausted",
    requestTooLarge: "unsupported",
    promptTooLong: "context_overflow",
    unauthenticated: "unauthenticated",
    forbidden: "forbidden",
    modelNotFound: "model_missing",
    serverError: "bad_answer",
    timeout: "timeout",
  },
  openai: {
    breakdown: "bad_answer",
    insufficientQuota: "quota_exhausted",
    rateLimited: "rate_limited",
    slowDown: "rate_limited",
    contextLength: "context_overflow",
    contextLengthInStream: "context_overflow",
    unauthenticated: "unauthenticated",
    unsupportedRegion: "forbidden",
    modelNotFound: "model_missing",
    unsupportedParameter: "unsupported",
    serverError: "bad_answer",
    overloaded: "overloaded",
  },
  "openai-compatible": {
    breakdown: "bad_answer",
    contextLength: "context_overflow",
    maxTokensTooLarge: "unsupported",
    toolsOff: "unsupported",
    modelNotFound: "model_missing",
    serverError: "bad_answer",
    loading: "model_loading",
    unauthenticated: "unauthenticated",
  },
  vllm: {
    breakdown: "bad_answer",
    contextLength: "context_overflow",
    maxTokensTooLarge: "unsupported",
    modelNotFound: "model_missing",
    unauthenticated: "unauthenticated",
    serverError: "bad_answer",
    toolsOff: "unsupported",
    toolsOffRequired: "unsupported",
    notMultimodal: "unsupported",
    badSchema: "unsupported",
  },
  litellm: {
    breakdown: "bad_answer",
    contextWindow: "context_overflow",
    maxTokensTooLarge: "unsupported",
    rateLimited: "rate_limited",
    keyRateLimited: "rate_limited",
    cooldown: "overloaded",
    spentBudget: "quota_exhausted",
    deniedModel: "forbidden",
    expiredKey: "unauthenticated",
    unauthenticated: "unauthenticated",
    noKey: "unauthenticated",
    modelNotFound: "model_missing",
    upstreamMissingModel: "model_missing",
    upstreamQuota: "quota_exhausted",
    upstreamKey: "unauthenticated",
    unreachable: "unreachable",
    serverError: "bad_answer",
    streamStart: "bad_answer",
  },
  openrouter: {
    breakdown: "overloaded",
    credits: "quota_exhausted",
    unauthenticated: "unauthenticated",
    moderation: "content_filtered",
    guardrail: "content_filtered",
    regionRestricted: "policy",
    dataPolicy: "policy",
    allowedProviders: "policy",
    noTools: "unsupported",
    modelNotFound: "model_missing",
    rateLimited: "rate_limited",
    upstreamRateLimited: "rate_limited",
    unavailable: "overloaded",
    overloaded: "overloaded",
    contextLength: "context_overflow",
    masked: "bad_answer",
    errorIn200: "bad_answer",
    choiceError: "overloaded",
    midStream: "rate_limited",
  },
};

/** A simulated backend's failures, its own breakdown inside a 200 among them. */
export function knownFailures(name: BackendName): readonly KnownFailure[] {
  const { breakdown, ...own } = kinds[name];
  return [
    { name: "an error inside a 200", kind: breakdown },
    { name: "an error inside a stream", kind: breakdown },
    ...Object.entries(own).map(([fault, kind]) => ({ name: fault, kind })),
  ];
}
