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
  "x-initiator": "user",
  "x-interaction-type": "conversation-agent",
  "user-agent": "copilot/1.0.102",
};
const persona = "You are the GitHub Copilot CLI.";
const shared = { headers, says: [persona, "List the files."], call: { name: "bash", input: listing }, result: listed };

const chat: JsonObject = {
  model: "house-model",
  temperature: 0,
  top_p: 0.95,
  frequency_penalty: 0,
  presence_penalty: 0,
  stream: true,
  stream_options: { include_usage: true },
  tools: [chatTool("bash", commandSchema)],
};
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: "List the files." },
];

const responses: JsonObject = {
  model: "house-model",
  stream: true,
  store: false,
  include: ["reasoning.encrypted_content"],
  reasoning: { effort: "medium", summary: "auto" },
  tools: [responsesTool("bash", commandSchema, { strict: false })],
};
const items: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: [inputText("List the files.")] },
];

/** Calls get ids that no server ever gave. */
const replayed = (item: JsonObject): JsonObject =>
  item.type === "function_call" ? { ...item, id: `fc_${String(item.call_id)}` } : item;

const messages: JsonObject = {
  model: "house-model",
  max_tokens: 16_000,
  stream: true,
  system: [text(persona, ephemeral)],
  tools: [messagesTool("bash", commandSchema)],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.", ephemeral)] }];

export const copilot: readonly RealClient[] = [
  {
    ...shared,
    name: "Copilot on chat, sampling by zeros",
    wire: "chat",
    first: { ...chat, messages: chatMessages },
    second: chatTurn(chat, chatMessages),
    warnings: {
      chat: nothing,
      responses: nothing,
      messages: both("dropped:top_p"),
      newest: both("dropped:temperature", "dropped:top_p"),
    },
  },
  {
    ...shared,
    name: "Copilot on Responses, with ids of its own",
    wire: "responses",
    first: { ...responses, input: items },
    second: responsesTurn(responses, items, replayed),
    warnings: { chat: nothing, responses: nothing, messages: both("estimated:reasoning"), newest: nothing },
  },
  {
    ...shared,
    name: "Copilot on Messages",
    wire: "messages",
    headers: { ...headers, "anthropic-version": "2023-06-01" },
    first: { ...messages, messages: turns },
    second: messagesTurn(messages, turns),
    warnings: {
      chat: both("dropped:messages[].content[].cache_control"),
      responses: both("dropped:messages[].content[].cache_control"),
      messages: nothing,
      newest: nothing,
    },
  },
];
