import type { JsonObject } from "../harness/json.ts";

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
