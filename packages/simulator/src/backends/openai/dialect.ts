import type { ChatDialect } from "../../wires/chat.ts";
import type { CompletionsDialect } from "../../wires/completions.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import type { ResponsesDialect } from "../../wires/responses.ts";

const usage = ({ answer: { usage } }: Rendering) => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
  prompt_tokens_details: { cached_tokens: usage.cachedInput, cache_write_tokens: usage.cacheWrite, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: usage.reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

const speaks = ({ answer }: Rendering) => answer.text !== undefined || answer.toolCalls.length === 0;

export const chatDialect: ChatDialect = {
  id: (serial) => serialId("chatcmpl-", serial, 29),
  toolId: (serial, index) => serialId("call_", serial, 24, index),
  reasoningField: () => undefined,
  // A message that opens with a tool call has no role chunk of its own.
  roleDelta: (rendering) => (speaks(rendering) ? { role: "assistant", content: "", refusal: null } : undefined),
  mergedRole: { role: "assistant", content: null, refusal: null },
  toolFragment: (index, id, name) => ({ index, id, type: "function", function: { name, arguments: "" } }),
  toolDelta: {},
  showsRefusal: true,
  chunkExtras: () => ({ service_tier: "default", system_fingerprint: null, obfuscation: "sim" }),
  wholeExtras: () => ({ service_tier: "default", system_fingerprint: null }),
  messageExtras: () => ({ refusal: null, annotations: [] }),
  emptyContent: () => null,
  usage,
  usageNull: true,
};

export const completionsDialect: CompletionsDialect = { id: (serial) => serialId("cmpl-", serial, 29), usage };

export const responsesDialect: ResponsesDialect = {
  id: (serial) => serialId("resp_", serial, 48),
  reasoning: "summary",
  deltaExtras: { obfuscation: "sim" },
  messageExtras: { phase: "final_answer" },
  responseExtras: () => ({}),
};
