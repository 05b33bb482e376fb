import type { JsonObject } from "../harness/json.ts";
import { both, nothing, type RealClient, type Warned } from "./client.ts";
import { chatTool, commandSchema, inputText, listed, listing, messagesTool, responsesTool, text } from "./tools.ts";

const bearer = { authorization: "Bearer sk-of-headgate" };
const anthropic = { ...bearer, "anthropic-version": "2026-10-21" };
const persona = "You are a test of a library.";
const shared = {
  headers: bearer,
  says: [persona, "List the files."],
  call: { name: "run", input: listing },
  result: listed,
};

const responses: JsonObject = {
  model: "house-model",
  instructions: persona,
  stream: true,
  tools: [responsesTool("run", commandSchema, { strict: null })],
};
const items: readonly JsonObject[] = [{ role: "user", content: "List the files." }];

/** What the SDK's parser adds to a call, and its user sends back. */
const parsed = (item: JsonObject): JsonObject =>
  item.type === "function_call" ? { ...item, parsed_arguments: null } : item;

const agents: JsonObject = {
  ...responses,
  include: [],
  stream: true,
  tools: [responsesTool("run", commandSchema, { strict: true })],
};

const langchain: JsonObject = {
  model: "house-model",
  stream: true,
  text: {},
  tools: [responsesTool("run", commandSchema, { strict: null })],
};
const langchainItems: readonly JsonObject[] = [
  { role: "system", content: persona },
  { type: "message", role: "user", content: [inputText("List the files.")] },
];

const chat: JsonObject = { model: "house-model", tools: [chatTool("run", commandSchema)] };
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: "List the files." },
];

const messages: JsonObject = {
  model: "house-model",
  max_tokens: 4096,
  stream: true,
  system: persona,
  tools: [messagesTool("run", commandSchema)],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.")] }];

const onChat = (name: string, fields: JsonObject, newest = nothing): RealClient => ({
  ...shared,
  name,
  wire: "chat",
  first: { ...chat, ...fields, messages: chatMessages },
  second: ({ pieces, callId }) => ({
    ...chat,
    ...fields,
    messages: [...chatMessages, ...pieces, { role: "tool", tool_call_id: callId, content: listed }],
  }),
  warnings: { chat: nothing, responses: nothing, messages: nothing, newest },
});

const onMessages = (name: string, fields: JsonObject, elsewhere = nothing, newest = nothing): RealClient => ({
  ...shared,
  name,
  wire: "messages",
  headers: anthropic,
  first: { ...messages, ...fields, messages: turns },
  second: ({ pieces, callId }) => ({
    ...messages,
    ...fields,
    tool_choice: { type: "auto" },
    messages: [
      ...turns,
      { role: "assistant", content: pieces },
      { role: "user", content: [{ type: "tool_result", tool_use_id: callId, content: listed }] },
    ],
  }),
  warnings: { chat: elsewhere, responses: elsewhere, messages: nothing, newest },
});

/** The newest models are asked to choose, not forced; the second request forces nothing. */
const unforced: Warned = [["dropped:tool_choice"], []];

export const libraries: readonly RealClient[] = [
  {
    ...shared,
    name: "openai-sdk, responses.stream",
    unsealed: ["responses"],
    wire: "responses",
    first: { ...responses, input: items },
    second: ({ pieces, callId }) => ({
      ...responses,
      input: [...items, ...pieces.map(parsed), { type: "function_call_output", call_id: callId, output: listed }],
    }),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: nothing },
  },
  {
    ...shared,
    name: "openai-agents on Responses",
    unsealed: ["responses"],
    wire: "responses",
    first: { ...agents, input: items },
    second: ({ pieces, callId }) => ({
      ...agents,
      input: [
        ...items,
        ...pieces,
        { type: "function_call_output", call_id: callId, output: listed, status: "completed" },
      ],
    }),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: nothing },
  },
  {
    ...shared,
    name: "LangChain on Responses",
    unsealed: ["responses"],
    wire: "responses",
    first: { ...langchain, input: langchainItems },
    second: ({ pieces, callId }) => ({
      ...langchain,
      input: [...langchainItems, ...pieces, { type: "function_call_output", call_id: callId, output: listed }],
    }),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: nothing },
  },
  onChat("openai-agents on chat", { stream: true, stream_options: { include_usage: true } }),
  onChat("Continue on chat", { stream: true, max_tokens: 4096, parallel_tool_calls: false }),
  onChat("promptfoo on chat, not streamed", { max_tokens: 1024, temperature: 0 }, both("dropped:temperature")),
  onMessages(
    "LangChain on Messages, structured output by a forced tool",
    { tool_choice: { type: "tool", name: "run" } },
    nothing,
    unforced,
  ),
  onMessages(
    "AI SDK on Messages, an object by a tool it must call",
    { tool_choice: { type: "any", disable_parallel_tool_use: true } },
    nothing,
    unforced,
  ),
  onMessages(
    "Continue on Messages",
    { system: [text(persona, { cache_control: { type: "ephemeral" } })] },
    both("dropped:messages[].content[].cache_control"),
  ),
];
