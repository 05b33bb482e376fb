import type { ModelFacts, WireFeature } from "@headgate/core/provider";

/** What every model takes. */
const common: readonly WireFeature[] = [
  "hosted_tools",
  "developer_role",
  "prompt_cache",
  "service_tier",
  "metadata",
  "file_ids",
  "media_urls",
  "media_outputs",
  "compaction",
];

/** What came with the models that reason: before GPT-5, each of these is a 400. */
const reasoning: readonly WireFeature[] = [
  "custom_tools",
  "namespace_tools",
  "tool_search",
  "verbosity",
  "all_efforts",
  "sealed_reasoning",
];

/** GPT-4 and what came before it do not reason; new names are new models. */
export const reasons = (id: string): boolean =>
  !/^(?:chatgpt-|gpt-[34](?![0-9]))/.test(id) && !id.includes("-chat-latest");

export const featuresOf = ({ id }: ModelFacts): readonly WireFeature[] =>
  reasons(id) ? [...common, ...reasoning] : common;
