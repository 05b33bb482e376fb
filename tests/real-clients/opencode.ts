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

const headers = {
  authorization: "Bearer sk-of-headgate",
  "x-session-affinity": "ses_1",
  "user-agent": "ai-sdk/7.0.173",
};
const persona = "You are opencode, an interactive agent.";
const shared = { headers, says: [persona, "List the files."], call: { name: "bash", input: listing }, result: listed };

const chat: JsonObject = {
  model: "house-model",
  max_tokens: 32_000,
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
  tool_choice: "auto",
  tools: [chatTool("bash", commandSchema)],
};
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: "List the files." },
];

const responses: JsonObject = {
  model: "house-model",
  max_output_tokens: 32_000,
  stream: true,
  store: false,
  include: ["reasoning.encrypted_content"],
  reasoning: { effort: "medium", summary: "auto" },
  text: { verbosity: "low" },
  prompt_cache_key: "ses_1",
  tool_choice: "auto",
  tools: [responsesTool("bash", commandSchema, { strict: false })],
};
const items: readonly JsonObject[] = [
  { role: "developer", content: persona },
  { role: "user", content: [inputText("List the files.")] },
];

/** The AI SDK names what it believes to be stored, and sends the rest. */
const stored: JsonObject = {
  model: "house-model",
  stream: true,
  reasoning: { effort: "medium", summary: "auto" },
  tools: [responsesTool("bash", commandSchema)],
  tool_choice: "auto",
};

const messages: JsonObject = {
  model: "house-model",
  max_tokens: 32_000,
  temperature: 1,
  stream: true,
  system: [text(persona, ephemeral)],
  tool_choice: { type: "auto" },
  tools: [messagesTool("bash", commandSchema)],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.", ephemeral)] }];

export const opencode: readonly RealClient[] = [
  {
    ...shared,
    name: "opencode on chat",
    wire: "chat",
    first: { ...chat, messages: chatMessages },
    second: chatTurn(chat, chatMessages),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: both("dropped:temperature") },
  },
  {
    ...shared,
    name: "opencode on Responses",
    wire: "responses",
    first: { ...responses, input: items },
    second: responsesTurn(responses, items, ({ status: _, ...item }) => item),
    warnings: {
      chat: both("dropped:text.verbosity", "dropped:prompt_cache_key"),
      responses: nothing,
      messages: both("estimated:reasoning", "dropped:text.verbosity", "estimated:prompt_cache_key"),
      newest: both("dropped:text.verbosity", "estimated:prompt_cache_key"),
    },
  },
  {
    ...shared,
    name: "AI SDK on Responses, which trusts the store",
    unsealed: ["responses"],
    wire: "responses",
    first: { ...stored, input: items },
    second: responsesTurn(stored, items, ({ id }) => ({ type: "item_reference", id })),
    warnings: { chat: nothing, responses: nothing, messages: both("estimated:reasoning"), newest: nothing },
  },
  {
    ...shared,
    name: "opencode on Messages",
    wire: "messages",
    headers: { "x-api-key": "sk-of-headgate", "anthropic-version": "2023-06-01", "x-session-affinity": "ses_1" },
    first: { ...messages, messages: turns },
    second: messagesTurn(messages, turns, { content: listed, ...ephemeral }),
    warnings: {
      chat: both("dropped:messages[].content[].cache_control"),
      responses: both("dropped:messages[].content[].cache_control"),
      messages: nothing,
      newest: both("dropped:temperature"),
    },
  },
];

/** What it asks beside its first turn, at times before that is answered. */
export const titleRequest: JsonObject = {
  model: "house-model",
  max_tokens: 32_000,
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    { role: "system", content: "You write titles." },
    { role: "user", content: "Generate a title for this conversation:\n" },
    { role: "user", content: "List the files." },
  ],
};
