import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import { checkStream } from "./grammar.ts";
import type { AnswerEvent, TextWire } from "./pivot/types.ts";
import { textWires } from "./pivot/types.ts";
import { type Content, contentOf, context, readStream, toSseEvents, writeStream } from "./testing/exchange.ts";

const folder = new URL("./__fixtures__/", import.meta.url);

interface Recorded {
  readonly wire: TextWire;
  readonly status: number;
  readonly stream: boolean;
  readonly body: string;
}

/** A recorded exchange: the request, a line of dashes, status, headers, an empty line, the raw body. */
function readRecorded(file: string): Recorded {
  const [request = "", reply = ""] = readFileSync(new URL(file, folder), "utf8").split("\n----\n");
  const end = reply.indexOf("\n\n");
  const head = reply.slice(0, end);
  return {
    wire: textWires.find((wire) => request.split("\n", 1)[0]?.includes(`/${wire}`)) ?? "chat",
    status: Number(head.trim().split("\n", 1)[0]),
    stream: /content-type: text\/event-stream/i.test(head),
    body: reply.slice(end + 2),
  };
}

function readAnswer({ wire, stream, body }: Recorded): AnswerEvent[] {
  if (stream) return readStream(wire, body);
  let parsed: unknown = body.trim();
  try {
    parsed = JSON.parse(body);
  } catch {
    // Plain text is an answer of no wire.
  }
  return codecs[wire].readAnswer(parsed);
}

const spilledCall = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>';
const paris = '{"city": "Paris"}';
const call = (callId: string): Pick<Content, "calls" | "reason"> => ({
  calls: [[callId, "get_weather", paris]],
  reason: "tool_calls",
});
const vllm = { reasoning: "\nLet me ponder.\n" };
const llama = { reasoning: "Let me ponder.\n" };
const vllmCounts = { inputTokens: 21, outputTokens: 12 };
const cached = { inputTokens: 21, outputTokens: 12, cachedTokens: 20 };
const vllmDetailed = { ...vllmCounts, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 2 };
const hello = { text: "Hello world from the proxy.", reason: "stop" };

const answers: Readonly<Record<string, Content>> = {
  "vllm-0.32.0/chat": { ...vllm, text: spilledCall, reason: "stop", usage: { ...vllmCounts, reasoningTokens: 2 } },
  "vllm-0.32.0/chat-stream": {
    ...vllm,
    text: spilledCall,
    reason: "stop",
    usage: { ...vllmCounts, reasoningTokens: 2 },
  },
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
  "vllm-0.32.0/responses": { ...vllm, text: spilledCall, reason: "stop", usage: vllmDetailed },
  "vllm-0.32.0/responses-stream": { ...vllm, text: spilledCall, reason: "stop", usage: vllmDetailed },
  "vllm-0.32.0/responses-tools-stream": {
    ...vllm,
    ...call("chatcmpl-tool-9036c3901c3be3f1"),
    usage: { ...vllmDetailed, inputTokens: 277, cachedTokens: 256 },
  },
  "llama-server-0.5.0/chat": { ...llama, text: spilledCall, reason: "stop", usage: { ...cached, cachedTokens: 0 } },
  "llama-server-0.5.0/chat-stream": { ...llama, text: spilledCall, reason: "stop", usage: cached },
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
  "llama-server-0.5.0/messages": { ...llama, text: spilledCall, reason: "stop", usage: cached },
  "llama-server-0.5.0/messages-stream": { ...llama, text: spilledCall, reason: "stop", usage: cached },
  "llama-server-0.5.0/messages-thinking": { ...llama, text: spilledCall, reason: "stop", usage: cached },
  "llama-server-0.5.0/messages-tools-stream": {
    ...llama,
    ...call("7Q2CpYmdVVv9M56eMHUjBwg6Be0oM56q"),
    usage: { inputTokens: 375, outputTokens: 12, cachedTokens: 374 },
  },
  "llama-server-0.5.0/responses": { ...llama, text: spilledCall, reason: "stop", usage: cached },
  "llama-server-0.5.0/responses-stream": { ...llama, text: spilledCall, reason: "stop", usage: cached },
  "llama-server-0.5.0/responses-tools-stream": {
    ...llama,
    ...call("call_zWyTYEr3K5Jt5nChCFnaPakVc9t7sJQQ"),
    usage: { inputTokens: 375, outputTokens: 12, cachedTokens: 374 },
  },
  "litellm-1.106.2/chat": { ...hello, usage: { inputTokens: 10, outputTokens: 20 } },
  "litellm-1.106.2/chat-stream": { ...hello, usage: { inputTokens: 8, outputTokens: 6, reasoningTokens: 0 } },
  "litellm-1.106.2/chat-tools-stream": hello,
  "litellm-1.106.2/messages": { ...hello, usage: { inputTokens: 2095, outputTokens: 503 } },
  "litellm-1.106.2/messages-stream": { ...hello, usage: { inputTokens: 2095, outputTokens: 503 } },
  "litellm-1.106.2/messages-tools-stream": { ...hello, usage: { inputTokens: 2095, outputTokens: 503 } },
  "litellm-1.106.2/responses": { ...hello, usage: { inputTokens: 36, outputTokens: 87, cachedTokens: 0 } },
  "litellm-1.106.2/mock-overflow-responses": {
    text: "litellm.ContextWindowExceededError",
    reason: "stop",
    usage: { inputTokens: 36, outputTokens: 87, cachedTokens: 0 },
  },
  "litellm-1.106.2/over-vllm-chat-tool-turn": {
    ...vllm,
    ...call("chatcmpl-tool-bdd056d5f5e7c0b2"),
    usage: { inputTokens: 289, outputTokens: 12, reasoningTokens: 2 },
  },
  "litellm-1.106.2/over-vllm-chat-tools-stream": { ...vllm, ...call("chatcmpl-tool-8d8cb3f809769b27") },
  "litellm-1.106.2/over-vllm-responses-stream": { ...vllm, text: spilledCall, reason: "stop", usage: vllmDetailed },
  "litellm-1.106.2/over-vllm-responses-tools-stream": {
    ...vllm,
    ...call("chatcmpl-tool-a62590be71a2db6d"),
    usage: { ...vllmDetailed, inputTokens: 277, cachedTokens: 256 },
  },
};

interface RecordedFault {
  readonly status: number;
  readonly message: RegExp;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

const overflow = /maximum context length is 2048 tokens/;
const llamaOverflow = /^request \(30019 tokens\) exceeds the available context size \(2048 tokens\)/;

const faults: Readonly<Record<string, RecordedFault>> = {
  "vllm-0.32.0/chat-overflow": {
    status: 400,
    message: overflow,
    type: "BadRequestError",
    code: "400",
    param: "input_tokens",
  },
  "vllm-0.32.0/messages-overflow": { status: 400, message: overflow, type: "BadRequestError" },
  "vllm-0.32.0/responses-overflow": {
    status: 400,
    message: overflow,
    type: "BadRequestError",
    code: "400",
    param: "input_tokens",
  },
  "vllm-0.32.0/chat-missing-model": {
    status: 404,
    message: /^The model `no-such-model` does not exist/,
    type: "NotFoundError",
    code: "404",
    param: "model",
  },
  "vllm-0.32.0/chat-bad-schema": { status: 400, message: /^Grammar error/, type: "BadRequestError", code: "400" },
  "llama-server-0.5.0/chat-overflow": {
    status: 400,
    message: llamaOverflow,
    type: "exceed_context_size_error",
    code: "400",
  },
  "llama-server-0.5.0/messages-overflow": {
    status: 400,
    message: llamaOverflow,
    type: "exceed_context_size_error",
    code: "400",
  },
  "llama-server-0.5.0/responses-overflow": {
    status: 400,
    message: llamaOverflow,
    type: "exceed_context_size_error",
    code: "400",
  },
  "llama-server-0.5.0/chat-bad-schema": {
    status: 400,
    message: /^Unable to generate parser/,
    type: "invalid_request_error",
    code: "400",
  },
  "litellm-1.106.2/mock-broken-chat": {
    status: 500,
    message: /^litellm.InternalServerError/,
    type: "internal_server_error",
    code: "500",
  },
  "litellm-1.106.2/mock-broken-messages": { status: 500, message: /^litellm.InternalServerError/, type: "api_error" },
  "litellm-1.106.2/mock-rate-limited-chat": {
    status: 429,
    message: /^litellm.RateLimitError/,
    type: "throttling_error",
    code: "429",
  },
  "litellm-1.106.2/mock-rate-limited-messages": {
    status: 429,
    message: /^litellm.RateLimitError/,
    type: "rate_limit_error",
  },
  "litellm-1.106.2/over-vllm-chat-overflow": {
    status: 400,
    message: /ContextWindowExceededError/,
    type: "invalid_request_error",
    code: "400",
  },
  "litellm-1.106.2/over-vllm-messages-overflow": {
    status: 429,
    message: /^No deployments available/,
    type: "rate_limit_error",
  },
  "litellm-1.106.2/responses-stream": {
    status: 500,
    message: /^Error processing stream start$/,
    type: "internal_server_error",
    code: "500",
  },
  "litellm-1.106.2/chat-no-key": { status: 500, message: /^Internal Server Error$/ },
};

describe("recorded answers of real servers", () => {
  test.each(Object.entries(answers))("%s is read as it was meant", (name, content) => {
    const recorded = readRecorded(`${name}.txt`);
    expect(recorded.status).toBe(200);
    expect(contentOf(readAnswer(recorded))).toEqual(content);
  });

  test.each(Object.entries(faults))("%s is read as a fault", (name, { status, message, ...labels }) => {
    const recorded = readRecorded(`${name}.txt`);
    expect(recorded.status).toBe(status);
    const events = readAnswer(recorded);
    expect(events.at(-1)?.type).toBe("error");
    const { message: text, ...rest } = contentOf(events).fault ?? { message: "" };
    expect(text).toMatch(message);
    expect(rest).toEqual(labels);
  });

  test("every recording has an expectation", () => {
    const names = globSync("**/*.txt", { cwd: folder }).map((file) => file.replace(/\.txt$/, ""));
    expect(names.sort()).toEqual([...Object.keys(answers), ...Object.keys(faults)].sort());
  });
});

describe("recorded answers on every client wire", () => {
  const pairs = Object.entries(answers).flatMap(([name, content]) =>
    textWires.map((wire) => [name, wire, content] as const),
  );

  test.each(pairs)("%s keeps its content on %s, streamed and whole, in that wire's grammar", (name, wire, content) => {
    const events = readAnswer(readRecorded(`${name}.txt`));
    const request = { stream_options: { include_usage: true } };
    const stream = writeStream(wire, events, request);
    expect(checkStream(wire, toSseEvents(stream))).toEqual([]);
    const said = ({ text, reasoning, calls, reason }: Content): Content =>
      JSON.parse(JSON.stringify({ text, reasoning, calls, reason }));
    expect(said(contentOf(readStream(wire, stream)))).toEqual(said(content));
    const whole = codecs[wire].readAnswer(codecs[wire].writeAnswer(events, context(request)));
    const normal = {
      ...content,
      ...(content.calls && wire === "messages"
        ? { calls: content.calls.map(([id, n]) => [id, n, '{"city":"Paris"}'] as const) }
        : {}),
    };
    expect(said(contentOf(whole))).toEqual(said(normal));
  });
});
