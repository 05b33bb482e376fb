import type { ModelFacts, WireFeature } from "@headgate/core/provider";
import { isAtLeast } from "./version.ts";

/** What every model served today takes. Not `tool_search`: without a search tool of Anthropic's own, a deferred tool is never found. */
const common: readonly WireFeature[] = [
  "hosted_tools",
  "cache_control",
  "service_tier",
  "file_ids",
  "media_urls",
  "media_outputs",
  "output_format",
  "eager_input_streaming",
  "message_threads",
];

/** 4.5 thinks by a budget of tokens alone; before 4.8 no system message stands amid the conversation. */
export const featuresOf = ({ id }: ModelFacts): readonly WireFeature[] => [
  ...common,
  isAtLeast(id, 4, 6) ? "adaptive_thinking" : "budget_thinking",
  ...(isAtLeast(id, 4, 8) ? (["system_turns"] as const) : []),
];
