import type { Content } from "./exchange.ts";

/** What vLLM's and llama-server's scripted model says where nobody parses its tool call out of it. */
const spilledCall = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>';
const cutCall = '<tool_call>\n{"name": "get_weather", "arguments": ';
const spilled = { text: spilledCall, reason: "stop" };
const call = (callId: string): Pick<Content, "calls" | "reason"> => ({
  calls: [[callId, "get_weather", '{"city": "Paris"}']],
  reason: "tool_calls",
});
const vllm = { reasoning: "\nLet me ponder.\n" };
const llama = { reasoning: "Let me ponder.\n" };
const vllmCounts = { inputTokens: 21, outputTokens: 12 };
const vllmChat = { ...vllmCounts, reasoningTokens: 2 };
const cached = { inputTokens: 21, outputTokens: 12, cachedTokens: 20 };
const vllmDetailed = { ...vllmCounts, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 2 };
const hello = { text: "Hello world from the proxy.", reason: "stop" };
const helloChat = { ...hello, usage: { inputTokens: 10, outputTokens: 20 } };
const helloMessages = { ...hello, usage: { inputTokens: 2095, outputTokens: 503 } };
const responsesCounts = { inputTokens: 36, outputTokens: 87, cachedTokens: 0 };
const helloResponses = { ...hello, usage: responsesCounts };
const mocked = (text: string): Content => ({ text, reason: "stop", usage: responsesCounts });

/** What each recorded answer says, read by eye out of its file. */
export const recordedAnswers: Readonly<Record<string, Content>> = {
  "vllm-0.32.0/chat": { ...vllm, ...spilled, usage: vllmChat },
  "vllm-0.32.0/chat-bad-pattern": {
    ...vllm,
    text: '{"a":"x"}',
    reason: "stop",
    usage: { ...vllmChat, outputTokens: 14 },
  },
  "vllm-0.32.0/chat-bad-role": { ...vllm, ...spilled, usage: vllmChat },
  "vllm-0.32.0/chat-developer-role": {
    ...vllm,
    text: cutCall,
    reason: "length",
    usage: { inputTokens: 38, outputTokens: 8, reasoningTokens: 2 },
  },
  "vllm-0.32.0/chat-json-schema": {
    ...vllm,
    text: '{"city":"<think>!<think>',
    reason: "length",
    usage: { ...vllmChat, outputTokens: 16 },
  },
  "vllm-0.32.0/chat-unknown-field": {
    ...vllm,
    text: cutCall,
    reason: "length",
    usage: { ...vllmChat, outputTokens: 8 },
  },
  "vllm-0.32.0/chat-stream": { ...vllm, ...spilled, usage: vllmChat },
  "vllm-0.32.0/chat-tools": {
    ...vllm,
    ...call("chatcmpl-tool-9e83efd5ae388ccf"),
    usage: { inputTokens: 277, outputTokens: 12, reasoningTokens: 2 },
  },
  "vllm-0.32.0/chat-tools-stream": { ...vllm, ...call("chatcmpl-tool-9ff7666296250a9f") },
  "vllm-0.32.0/chat-tool-turn": {
    ...vllm,
    ...call("chatcmpl-tool-834586c5319d7f8b"),
    usage: { inputTokens: 320, outputTokens: 12, reasoningTokens: 2 },
  },
  "vllm-0.32.0/chat-length": { reason: "length", usage: { inputTokens: 21, outputTokens: 1, reasoningTokens: 0 } },
  "vllm-0.32.0/messages": { ...vllm, reason: "stop", usage: vllmCounts },
  "vllm-0.32.0/messages-stream": { ...vllm, ...call("chatcmpl-tool-aeee3b9f42071a90"), usage: vllmCounts },
  "vllm-0.32.0/messages-thinking": { ...vllm, reason: "stop", usage: vllmCounts },
  "vllm-0.32.0/messages-tools-stream": {
    ...vllm,
    ...call("chatcmpl-tool-b2b2d9714b06fc34"),
    usage: { inputTokens: 277, outputTokens: 12 },
  },
  "vllm-0.32.0/responses": { ...vllm, ...spilled, usage: vllmDetailed },
  "vllm-0.32.0/responses-stream": { ...vllm, ...spilled, usage: vllmDetailed },
  "vllm-0.32.0/responses-tools-stream": {
    ...vllm,
    ...call("chatcmpl-tool-9036c3901c3be3f1"),
    usage: { ...vllmDetailed, inputTokens: 277, cachedTokens: 256 },
  },
  "llama-server-0.5.0/chat": { ...llama, ...spilled, usage: { ...cached, cachedTokens: 0 } },
  "llama-server-0.5.0/chat-bad-pattern": {
    ...llama,
    text: "{}",
    reason: "stop",
    usage: { ...cached, outputTokens: 8 },
  },
  "llama-server-0.5.0/chat-bad-role": { ...llama, ...spilled, usage: { ...cached, cachedTokens: 1 } },
  "llama-server-0.5.0/chat-developer-role": {
    ...llama,
    text: cutCall,
    reason: "length",
    usage: { inputTokens: 38, outputTokens: 8, cachedTokens: 1 },
  },
  "llama-server-0.5.0/chat-json-schema": {
    ...llama,
    text: '{"city": "<think><think><think><think>',
    reason: "length",
    usage: { ...cached, outputTokens: 16 },
  },
  "llama-server-0.5.0/chat-max-tokens-too-large": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/chat-missing-model": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/chat-no-messages": {
    ...llama,
    ...spilled,
    usage: { inputTokens: 11, outputTokens: 12, cachedTokens: 1 },
  },
  "llama-server-0.5.0/chat-unknown-field": {
    ...llama,
    text: cutCall,
    reason: "length",
    usage: { ...cached, outputTokens: 8 },
  },
  "llama-server-0.5.0/chat-stream": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/chat-tools": {
    ...llama,
    ...call("uQmWObOuIkohYm2ttXaI5OXGThMrmOAM"),
    usage: { inputTokens: 375, outputTokens: 12, cachedTokens: 0 },
  },
  "llama-server-0.5.0/chat-tools-stream": { ...llama, ...call("vIf9UFBBE1UOk80iMgeSORGUitnRi8dF") },
  "llama-server-0.5.0/chat-tool-turn": {
    ...llama,
    ...call("H1810ZqK4KxIwRZYEbDTKE8dsAD9c4Q6"),
    usage: { inputTokens: 492, outputTokens: 12, cachedTokens: 376 },
  },
  "llama-server-0.5.0/chat-length": {
    text: "<think>",
    reason: "length",
    usage: { inputTokens: 21, outputTokens: 1, cachedTokens: 20 },
  },
  "llama-server-0.5.0/messages": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/messages-missing-model": {
    ...llama,
    text: cutCall,
    reason: "length",
    usage: { ...cached, outputTokens: 8 },
  },
  "llama-server-0.5.0/messages-stream": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/messages-thinking": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/messages-tools-stream": {
    ...llama,
    ...call("7Q2CpYmdVVv9M56eMHUjBwg6Be0oM56q"),
    usage: { inputTokens: 375, outputTokens: 12, cachedTokens: 374 },
  },
  "llama-server-0.5.0/responses": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/responses-missing-model": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/responses-stream": { ...llama, ...spilled, usage: cached },
  "llama-server-0.5.0/responses-tools-stream": {
    ...llama,
    ...call("call_zWyTYEr3K5Jt5nChCFnaPakVc9t7sJQQ"),
    usage: { inputTokens: 375, outputTokens: 12, cachedTokens: 374 },
  },
  "litellm-1.106.2/chat": helloChat,
  "litellm-1.106.2/chat-bad-pattern": helloChat,
  "litellm-1.106.2/chat-bad-role": helloChat,
  "litellm-1.106.2/chat-bad-schema": helloChat,
  "litellm-1.106.2/chat-developer-role": helloChat,
  "litellm-1.106.2/chat-image": helloChat,
  "litellm-1.106.2/chat-json-schema": helloChat,
  "litellm-1.106.2/chat-length": helloChat,
  "litellm-1.106.2/chat-max-tokens-too-large": helloChat,
  "litellm-1.106.2/chat-no-messages": helloChat,
  "litellm-1.106.2/chat-overflow": helloChat,
  "litellm-1.106.2/chat-overflow-stream": hello,
  "litellm-1.106.2/chat-stream": { ...hello, usage: { inputTokens: 8, outputTokens: 6, reasoningTokens: 0 } },
  "litellm-1.106.2/chat-tool-turn": helloChat,
  "litellm-1.106.2/chat-tools": helloChat,
  "litellm-1.106.2/chat-tools-stream": hello,
  "litellm-1.106.2/chat-unknown-field": helloChat,
  // Whole answers all three: it does not stream its mock on this wire.
  "litellm-1.106.2/messages": helloMessages,
  "litellm-1.106.2/messages-overflow": helloMessages,
  "litellm-1.106.2/messages-stream": helloMessages,
  "litellm-1.106.2/messages-thinking": helloMessages,
  "litellm-1.106.2/messages-tools-stream": helloMessages,
  "litellm-1.106.2/responses": helloResponses,
  "litellm-1.106.2/responses-overflow": helloResponses,
  "litellm-1.106.2/responses-previous-missing": helloResponses,
  // Its mocked errors are answers on this wire.
  "litellm-1.106.2/mock-broken-responses": mocked("litellm.InternalServerError"),
  "litellm-1.106.2/mock-overflow-responses": mocked("litellm.ContextWindowExceededError"),
  "litellm-1.106.2/mock-rate-limited-responses": mocked("litellm.RateLimitError"),
  "litellm-1.106.2/over-vllm-chat-tool-turn": {
    ...vllm,
    ...call("chatcmpl-tool-bdd056d5f5e7c0b2"),
    usage: { inputTokens: 289, outputTokens: 12, reasoningTokens: 2 },
  },
  "litellm-1.106.2/over-vllm-chat-tools-stream": { ...vllm, ...call("chatcmpl-tool-8d8cb3f809769b27") },
  "litellm-1.106.2/over-vllm-responses-stream": { ...vllm, ...spilled, usage: vllmDetailed },
  "litellm-1.106.2/over-vllm-responses-tools-stream": {
    ...vllm,
    ...call("chatcmpl-tool-a62590be71a2db6d"),
    usage: { ...vllmDetailed, inputTokens: 277, cachedTokens: 256 },
  },
};

/** Signatures under reasoning: vLLM makes up one for every block of thinking. */
export const recordedSignatures: Readonly<Record<string, string>> = {
  "vllm-0.32.0/messages": "4089f83c73664cce8b586051f4138a10",
  "vllm-0.32.0/messages-stream": "c0a0d27df9034ee69883339e87e41169",
  "vllm-0.32.0/messages-thinking": "f8f743d847fc43b1849d5ce0dfefa9e8",
  "vllm-0.32.0/messages-tools-stream": "6399721f13d84785b36be038f04ba143",
};
