/**
 * What a backend takes beyond what every server of its wires does. A provider declares it; a writer that is not told of
 * a feature spells the wish in the plainest form, or leaves it out and says so.
 */
export const wireFeatures = [
  /** Tools that take free text. */
  "custom_tools",
  /** Tools in groups (Responses). */
  "namespace_tools",
  /** `tool_search` and `defer_loading`. */
  "tool_search",
  /** The vendor's own tools: `web_search`, `image_generation`, `web_search_20250305`… */
  "hosted_tools",
  /** The role `developer` on the chat wire. */
  "developer_role",
  /** `system` among the messages of the Messages wire. */
  "system_turns",
  /** `cache_control` on blocks and tools. */
  "cache_control",
  /** `prompt_cache_key` and `prompt_cache_retention`. */
  "prompt_cache",
  /** `top_k` on the chat wire, whose first server answers a key that it does not know with a 400. */
  "top_k",
  "service_tier",
  "verbosity",
  /** `metadata` and `safety_identifier` on the OpenAI wires; `metadata.user_id` is a part of every Messages backend. */
  "metadata",
  /** Ids of files uploaded to this vendor. */
  "file_ids",
  /** Images and documents by URL. */
  "media_urls",
  /** Images and documents inside a tool's output; the chat wire has no form for them, and they follow it there. */
  "media_outputs",
  /** Efforts beside `low`, `medium` and `high`, on the OpenAI wires. */
  "all_efforts",
  /** Reasoning that only its maker can read, given on demand (Responses' `reasoning.encrypted_content`). */
  "sealed_reasoning",
  /** `thinking: {type: "adaptive"}` with an effort; without it, a budget of tokens is sent. */
  "adaptive_thinking",
  /** A budget of tokens and no adaptive thinking, in a model that thinks: a client's adaptive wish becomes a budget on its own wire, too. */
  "budget_thinking",
  /** `output_config.format` on the Messages wire; without it, a forced tool stands in. */
  "output_format",
  /** Reasoning of earlier turns in plain words: `reasoning_content` on chat, and on the client's own wire as it was shown. */
  "reasoning_input",
  /** Arguments as they are written, unchecked (Messages). */
  "eager_input_streaming",
  /** Its models may think aloud in the text of the chat wire, between tags. */
  "think_tags",
  /** Conversations that the backend holds between turns (`thread` of Messages). */
  "message_threads",
  /** Compaction items of its own making (Responses). */
  "compaction",
] as const;

/** See {@link wireFeatures}. */
export type WireFeature = (typeof wireFeatures)[number];
