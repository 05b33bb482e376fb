import type { WireFeature } from "@headgate/core/provider";

/** What OpenRouter takes for every model (openapi of 2026-08): what a model cannot do with it is dropped there. */
export const features: readonly WireFeature[] = [
  "hosted_tools",
  "developer_role",
  "cache_control",
  "prompt_cache",
  "service_tier",
  "top_k",
  "verbosity",
  "metadata",
  "media_urls",
  "all_efforts",
  "reasoning_input",
  "adaptive_thinking",
  "output_format",
];
