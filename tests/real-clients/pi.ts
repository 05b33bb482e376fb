import type { JsonObject } from "../harness/json.ts";
import { both, nothing, type RealClient } from "./client.ts";
import {
  chatTool,
  chatTurn,
  commandSchema,
  ephemeral,
  inputText,
  listed,
  listing,
  messagesTool,
  messagesTurn,
  responsesTool,
  responsesTurn,
  text,
} from "./tools.ts";

const headers = { authorization: "Bearer sk-of-headgate", "user-agent": "pi/0.87.1" };
const persona = "You are an expert coding assistant named pi.";
const shared = {
  headers,
  says: [persona, "List the files."],
  call: { name: "bash", input: listing },
  result: listed,
};

const chat: JsonObject = {
  model: "house-model",
  stream: true,
  stream_options: { include_usage: true },
  store: false,
  max_completion_tokens: 16_384,
  reasoning_effort: "medium",
  tools: [chatTool("bash", commandSchema, { strict: false })],
};
const chatMessages: readonly JsonObject[] = [
  { role: "developer", content: persona },
  { role: "user", content: [text("List the files.")] },
];

const responses: JsonObject = {
  model: "house-model",
  stream: true,
  store: false,
  prompt_cache_key: "pi-session",
  max_output_tokens: 16_384,
  reasoning: { effort: "medium", summary: "auto" },
  include: ["reasoning.encrypted_content"],
  tools: [responsesTool("bash", commandSchema, { strict: false })],
};
const items: readonly JsonObject[] = [
  { role: "developer", content: persona },
  { role: "user", content: [inputText("List the files.")] },
];

const messages: JsonObject = {
  model: "house-model",
  stream: true,
  max_tokens: 32_000,
  system: [text(persona, ephemeral)],
  thinking: { type: "enabled", budget_tokens: 8192, display: "summarized" },
  tools: [messagesTool("bash", commandSchema, { eager_input_streaming: true })],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.", ephemeral)] }];

export const pi: readonly RealClient[] = [
  {
    ...shared,
    name: "pi on chat",
    wire: "chat",
    first: { ...chat, messages: chatMessages },
    second: chatTurn(chat, chatMessages),
    warnings: { chat: nothing, responses: nothing, messages: both("estimated:reasoning_effort"), newest: nothing },
  },
  {
    ...shared,
    name: "pi on Responses",
    wire: "responses",
    first: { ...responses, input: items },
    second: responsesTurn(responses, items),
    warnings: {
      chat: both("dropped:prompt_cache_key"),
      responses: nothing,
      messages: both("estimated:reasoning", "estimated:prompt_cache_key"),
      newest: both("estimated:prompt_cache_key"),
    },
  },
  {
    ...shared,
    name: "pi on Messages",
    wire: "messages",
    query: "?beta=true",
    headers: {
      "x-api-key": "sk-of-headgate",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "fine-grained-tool-streaming-2025-05-14,interleaved-thinking-2025-05-14",
    },
    first: { ...messages, messages: turns },
    second: messagesTurn(messages, turns, { content: listed, is_error: false }),
    warnings: {
      chat: both(
        "changed:tools[].eager_input_streaming",
        "dropped:messages[].content[].cache_control",
        "estimated:thinking",
      ),
      responses: both(
        "changed:tools[].eager_input_streaming",
        "dropped:messages[].content[].cache_control",
        "estimated:thinking",
      ),
      messages: nothing,
      newest: both("dropped:thinking.budget_tokens"),
    },
  },
];
