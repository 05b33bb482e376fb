import type { JsonObject } from "../harness/json.ts";
import type { Kept } from "./client.ts";

/** A schema as validators of the clients write it. */
export const commandSchema: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: { command: { type: "string", description: "The command to run." }, timeout: { type: "number" } },
  required: ["command"],
  additionalProperties: false,
};

export const pathSchema: JsonObject = {
  type: "object",
  properties: { path: { type: "string", description: "Where to look." } },
  required: ["path"],
  additionalProperties: false,
};

export const listing = { command: "ls -la" };
export const listed = "README.md\nsrc";

/** The form of a tool on each wire. */
export const chatTool = (name: string, parameters: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "function",
  function: { name, description: `Runs ${name}.`, parameters, ...more },
});

export const responsesTool = (name: string, parameters: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "function",
  name,
  description: `Runs ${name}.`,
  parameters,
  ...more,
});

export const messagesTool = (name: string, input_schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  description: `Runs ${name}.`,
  input_schema,
  ...more,
});

/** Parts of text, in each wire's form. */
export const inputText = (text: string): JsonObject => ({ type: "input_text", text });
export const text = (words: string, more: JsonObject = {}): JsonObject => ({ type: "text", text: words, ...more });

export const ephemeral: JsonObject = { cache_control: { type: "ephemeral" } };

/** The second request of a tool turn on each wire: the first, the answer as it was kept, and the result of its call. */
export const chatTurn =
  (body: JsonObject, messages: readonly JsonObject[]) =>
  ({ pieces, callId }: Kept): JsonObject => ({
    ...body,
    messages: [...messages, ...pieces, { role: "tool", tool_call_id: callId, content: listed }],
  });

/** @param replay - An item as its client sends it again. */
export const responsesTurn =
  (body: JsonObject, items: readonly JsonObject[], replay = (item: JsonObject): JsonObject => item) =>
  ({ pieces, callId }: Kept): JsonObject => ({
    ...body,
    input: [...items, ...pieces.map(replay), { type: "function_call_output", call_id: callId, output: listed }],
  });

/** @param result - What its client says of the result. */
export const messagesTurn =
  (body: JsonObject, turns: readonly JsonObject[], result: JsonObject = { content: listed }) =>
  ({ pieces, callId }: Kept): JsonObject => ({
    ...body,
    messages: [
      ...turns,
      { role: "assistant", content: pieces },
      { role: "user", content: [{ type: "tool_result", tool_use_id: callId, ...result }] },
    ],
  });
