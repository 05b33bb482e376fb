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

const headers = { authorization: "Bearer sk-of-headgate", "user-agent": "Cline/3.0.65" };
const persona = "You are Cline, a highly skilled software engineer.";
const shared = {
  headers,
  says: [persona, "List the files."],
  call: { name: "execute_command", input: listing },
  result: listed,
};

const chat: JsonObject = {
  model: "house-model",
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
  tool_choice: "auto",
  parallel_tool_calls: false,
  tools: [chatTool("execute_command", commandSchema, { strict: true })],
};
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: [text("List the files."), text("<environment_details/>")] },
];

const responses: JsonObject = {
  model: "house-model",
  instructions: persona,
  stream: true,
  store: false,
  truncation: "auto",
  include: ["web_search_call.action.sources", "reasoning.encrypted_content"],
  reasoning: { effort: "medium", summary: "auto" },
  tools: [
    responsesTool("execute_command", commandSchema, { strict: false }),
    { type: "web_search" },
    { type: "image_generation" },
  ],
};
const items: readonly JsonObject[] = [{ role: "user", content: [inputText("List the files.")] }];

const messages: JsonObject = {
  model: "house-model",
  max_tokens: 8192,
  temperature: 0,
  stream: true,
  system: [text(persona, ephemeral)],
  tools: [
    messagesTool("execute_command", commandSchema),
    { type: "web_search_20250305", name: "web_search", max_uses: 5 },
  ],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.", ephemeral)] }];

export const cline: readonly RealClient[] = [
  {
    ...shared,
    name: "Cline on chat",
    wire: "chat",
    first: { ...chat, messages: chatMessages },
    second: chatTurn(chat, chatMessages),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: both("dropped:temperature") },
  },
  {
    ...shared,
    name: "Cline on Responses, with a vendor's tools",
    wire: "responses",
    first: { ...responses, input: items },
    second: responsesTurn(responses, items),
    warnings: {
      chat: both("dropped:truncation", "dropped:tools[].web_search", "dropped:tools[].image_generation"),
      responses: nothing,
      messages: both(
        "dropped:truncation",
        "dropped:tools[].web_search",
        "dropped:tools[].image_generation",
        "estimated:reasoning",
      ),
      newest: both("dropped:truncation", "dropped:tools[].web_search", "dropped:tools[].image_generation"),
    },
  },
  {
    ...shared,
    name: "Cline on Messages, with a vendor's tool",
    wire: "messages",
    headers: { "x-api-key": "sk-of-headgate", "anthropic-version": "2023-06-01" },
    first: { ...messages, messages: turns },
    second: messagesTurn(messages, turns, { content: [text(listed)] }),
    warnings: {
      chat: both("dropped:tools[].web_search_20250305", "dropped:messages[].content[].cache_control"),
      responses: both("dropped:tools[].web_search_20250305", "dropped:messages[].content[].cache_control"),
      messages: nothing,
      newest: both("dropped:temperature"),
    },
  },
];
