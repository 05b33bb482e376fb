import type { JsonObject } from "../harness/json.ts";
import { both, nothing, type RealClient } from "./client.ts";
import { chatTool, commandSchema, ephemeral, listed, listing, messagesTool, text } from "./tools.ts";

const persona = "You are Qwen Code, an interactive CLI agent.";
const shared = {
  says: [persona, "List the files."],
  call: { name: "run_shell_command", input: listing },
  result: listed,
};

const chat: JsonObject = {
  model: "house-model",
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 8000,
  tools: [chatTool("run_shell_command", commandSchema)],
};
const chatMessages: readonly JsonObject[] = [
  { role: "system", content: persona },
  { role: "user", content: [text("Linux."), text("List the files.")] },
];

/** The budget is as large as the limit. */
const messages: JsonObject = {
  model: "house-model",
  stream: true,
  max_tokens: 16_000,
  temperature: 1,
  system: [text(persona, ephemeral)],
  thinking: { type: "enabled", budget_tokens: 16_000 },
  tools: [messagesTool("run_shell_command", commandSchema)],
};
const turns: readonly JsonObject[] = [{ role: "user", content: [text("List the files.", ephemeral)] }];

export const qwenCode: readonly RealClient[] = [
  {
    ...shared,
    name: "qwen-code on chat",
    wire: "chat",
    headers: { authorization: "Bearer sk-of-headgate", "user-agent": "QwenCode/0.24.4 (linux; x64)" },
    first: { ...chat, messages: chatMessages },
    second: ({ pieces, callId }) => ({
      ...chat,
      messages: [...chatMessages, ...pieces, { role: "tool", tool_call_id: callId, content: [text(listed)] }],
    }),
    warnings: { chat: nothing, responses: nothing, messages: nothing, newest: nothing },
  },
  {
    ...shared,
    name: "qwen-code on Messages",
    wire: "messages",
    headers: {
      authorization: "Bearer sk-of-headgate",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "interleaved-thinking-2025-05-14",
      "user-agent": "claude-cli/0.24.4 (external, cli)",
    },
    first: { ...messages, messages: turns },
    second: ({ pieces, callId }) => ({
      ...messages,
      messages: [
        ...turns,
        { role: "assistant", content: pieces },
        { role: "user", content: [{ type: "tool_result", tool_use_id: callId, content: listed }] },
      ],
    }),
    warnings: {
      chat: both("dropped:messages[].content[].cache_control", "estimated:thinking"),
      responses: both("dropped:messages[].content[].cache_control", "estimated:thinking"),
      messages: nothing,
      newest: both("dropped:temperature", "dropped:thinking.budget_tokens"),
    },
  },
];
