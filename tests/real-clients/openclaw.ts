import type { JsonObject } from "../harness/json.ts";
import { both, type Kept, nothing, type RealClient } from "./client.ts";
import {
  chatTool,
  commandSchema,
  ephemeral,
  inputText,
  listed,
  listing,
  messagesTool,
  responsesTool,
  text,
} from "./tools.ts";

const headers = { authorization: "Bearer sk-of-headgate", "user-agent": "OpenClaw/2026.9.6" };
const persona = "You are a personal assistant in OpenClaw.";
const says = [persona, "Good morning.", "List the files.", "Quickly, please."];

/** It rewrites the ids of calls when it replays them. */
const bare = (id: string): string => id.replace(/[^A-Za-z0-9]/g, "");

const users = ["Good morning.", "List the files."];
const hurry = "Quickly, please.";

const chat: JsonObject = {
  model: "house-model",
  stream: true,
  stream_options: { include_usage: true },
  max_completion_tokens: 8192,
  tool_choice: "auto",
  tools: [chatTool("exec", commandSchema)],
};
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  ...users.map((content) => ({ role: "user", content })),
  { role: "user", content: [text(hurry)] },
];

function replayChat({ pieces, callId }: Kept): readonly JsonObject[] {
  const [message = {}] = pieces;
  const calls = message.tool_calls as readonly JsonObject[];
  return [
    { ...message, tool_calls: calls.map((call) => ({ ...call, id: bare(callId) })) },
    { role: "tool", tool_call_id: bare(callId), content: listed, name: "exec" },
    { role: "user", content: "And then?" },
  ];
}

const responses: JsonObject = {
  model: "house-model",
  stream: true,
  store: false,
  max_output_tokens: 8192,
  reasoning: { effort: "medium", summary: "auto" },
  include: ["reasoning.encrypted_content"],
  tools: [responsesTool("exec", commandSchema)],
};
const items: readonly JsonObject[] = [
  { role: "developer", content: persona },
  ...[...users, hurry].map((words) => ({ role: "user", content: [inputText(words)] })),
];

/** Items lose their ids; reasoning has a content, if only `null`. */
const replayItems = ({ pieces, callId }: Kept): readonly JsonObject[] => [
  ...pieces.map(({ id: _, status: __, ...item }) =>
    item.type === "reasoning" ? { ...item, content: item.content ?? null } : item,
  ),
  { type: "function_call_output", call_id: callId, output: listed },
  { role: "user", content: [inputText("And then?")] },
];

const messages: JsonObject = {
  model: "house-model",
  stream: true,
  max_tokens: 8192,
  system: [text(persona, ephemeral)],
  tools: [messagesTool("exec", commandSchema)],
};
const turns: readonly JsonObject[] = [
  ...users.map((content) => ({ role: "user", content })),
  { role: "user", content: [text(hurry, ephemeral)] },
];

const replayBlocks = ({ pieces, callId }: Kept): readonly JsonObject[] => [
  {
    role: "assistant",
    content: pieces
      .filter(({ type }) => type === "text" || type === "tool_use")
      .map((block) => (block.type === "tool_use" ? { ...block, id: bare(callId) } : block)),
  },
  { role: "user", content: [{ type: "tool_result", tool_use_id: bare(callId), content: listed, ...ephemeral }] },
  { role: "user", content: "And then?" },
];

const shared = { headers, says, call: { name: "exec", input: listing }, result: listed };

export const openclaw: readonly RealClient[] = [
  {
    ...shared,
    name: "OpenClaw on chat",
    wire: "chat",
    first: { ...chat, messages: chatMessages },
    second: (kept) => ({ ...chat, messages: [...chatMessages, ...replayChat(kept)] }),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: nothing },
  },
  {
    ...shared,
    name: "OpenClaw on Responses",
    wire: "responses",
    headers: { ...headers, "accept-encoding": "identity" },
    first: { ...responses, input: items },
    second: (kept) => ({ ...responses, input: [...items, ...replayItems(kept)] }),
    warnings: { chat: nothing, responses: nothing, messages: both("estimated:reasoning"), newest: nothing },
  },
  {
    ...shared,
    name: "OpenClaw on Messages",
    unsealed: ["responses", "messages"],
    wire: "messages",
    headers: { "x-api-key": "sk-of-headgate", "anthropic-version": "2023-06-01" },
    first: { ...messages, messages: turns },
    second: (kept) => ({ ...messages, messages: [...turns, ...replayBlocks(kept)] }),
    warnings: {
      chat: both("dropped:messages[].content[].cache_control"),
      responses: both("dropped:messages[].content[].cache_control"),
      messages: nothing,
      newest: nothing,
    },
  },
];
