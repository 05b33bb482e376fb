import type { JsonObject, TextWire } from "../../packages/wire/src/index.ts";

/** One thing that clients of a wire send, in the smallest body that holds it. */
export interface Probe {
  readonly name: string;
  readonly body: JsonObject;
}

/** What every body of a wire has; it translates to the other two without a loss. */
const bases: Readonly<Record<TextWire, JsonObject>> = {
  chat: { model: "m", messages: [{ role: "user", content: "hi" }] },
  responses: { model: "m", input: [{ type: "message", role: "user", content: "hi" }] },
  messages: { model: "m", max_tokens: 9000, messages: [{ role: "user", content: "hi" }] },
};

const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
const bounded = { ...schema, properties: { a: { type: "string", maxLength: 9 } } };
const png = "iVBORw0KGgo=";
const grammar = { type: "grammar", syntax: "lark", definition: 'start: "x"' };

const chatTool = (fields: object = {}): JsonObject => ({
  type: "function",
  function: { name: "f", parameters: schema, ...fields },
});
const chatTurn = (message: JsonObject, result: unknown = "sunny"): JsonObject => ({
  messages: [
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: null,
      ...message,
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c", content: result },
  ],
  tools: [chatTool()],
});
const chatParts = (...content: readonly JsonObject[]): JsonObject => ({ messages: [{ role: "user", content }] });

const chat: Readonly<Record<string, JsonObject>> = {
  "`system` and `developer` messages, first": {
    messages: [
      { role: "system", content: "s" },
      { role: "developer", content: "d" },
      { role: "user", content: "hi" },
    ],
  },
  "a later `system` message": {
    messages: [
      { role: "user", content: "hi" },
      { role: "system", content: "s" },
      { role: "user", content: "go on" },
    ],
  },
  "two `user` messages in a row": {
    messages: [
      { role: "user", content: "hi" },
      { role: "user", content: "there" },
    ],
  },
  "`name` of a speaker": { messages: [{ role: "user", name: "Ann", content: "hi" }] },
  "image, base64": chatParts({ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }),
  "image, URL": chatParts({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
  "image, `detail`": chatParts({
    type: "image_url",
    image_url: { url: `data:image/png;base64,${png}`, detail: "low" },
  }),
  "file, base64": chatParts({
    type: "file",
    file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
  }),
  "file, id": chatParts({ type: "file", file: { file_id: "file-1" } }),
  audio: chatParts({ type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }),
  "`cache_control` on a part": chatParts({ type: "text", text: "hi", cache_control: { type: "ephemeral" } }),
  "tool calls and results": chatTurn({}),
  "tool result of parts, an image among them": chatTurn({}, [
    { type: "text", text: "see" },
    { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
  ]),
  "`reasoning_content` of earlier turns": chatTurn({ reasoning_content: "hm" }),
  "`reasoning_details` of earlier turns": chatTurn({ reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] }),
  "function tools, `strict`": { tools: [chatTool({ strict: true })] },
  "custom tools, with a grammar": { tools: [{ type: "custom", custom: { name: "patch", format: grammar } }] },
  "`tool_choice`: required": { tools: [chatTool()], tool_choice: "required" },
  "`tool_choice`: one function": { tools: [chatTool()], tool_choice: { type: "function", function: { name: "f" } } },
  "`tool_choice`: allowed tools": {
    tools: [chatTool()],
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "f" } }] },
    },
  },
  "`parallel_tool_calls: false`": { tools: [chatTool()], parallel_tool_calls: false },
  "`max_completion_tokens`, `max_tokens`": { max_completion_tokens: 100 },
  "`temperature` up to 1, `top_p`": { temperature: 0.5, top_p: 0.9 },
  "`temperature` above 1": { temperature: 1.5 },
  "`top_k`": { top_k: 5 },
  "`seed`": { seed: 1 },
  "`frequency_penalty`, `presence_penalty`": { frequency_penalty: 1, presence_penalty: 1 },
  "`logit_bias`": { logit_bias: { "1": 5 } },
  "`logprobs`, `top_logprobs`": { logprobs: true, top_logprobs: 2 },
  "`stop`": { stop: ["END"] },
  "`n` above 1": { n: 2 },
  "`response_format`: JSON schema": {
    response_format: { type: "json_schema", json_schema: { name: "x", schema, strict: true } },
  },
  "`response_format`: JSON schema with bounds": {
    response_format: { type: "json_schema", json_schema: { name: "x", schema: bounded } },
  },
  "`response_format`: JSON object": { response_format: { type: "json_object" } },
  "`reasoning_effort`: low, medium, high": { reasoning_effort: "medium" },
  "`reasoning_effort`: none, minimal, xhigh, max": { reasoning_effort: "xhigh" },
  "`verbosity`": { verbosity: "low" },
  "`service_tier`: flex, priority": { service_tier: "priority" },
  "`prompt_cache_key`, `prompt_cache_retention`": { prompt_cache_key: "k", prompt_cache_retention: "24h" },
  "`metadata`": { metadata: { a: "b" } },
  "`user`, `safety_identifier`": { safety_identifier: "u" },
  "`store: true`": { store: true },
  "`modalities`, `audio`": { modalities: ["text", "audio"], audio: { voice: "a", format: "wav" } },
  "`prediction`": { prediction: { type: "content", content: "x" } },
  "`web_search_options`": { web_search_options: { search_context_size: "low" } },
  "keys that Headgate does not know": { tomorrow: { is: "another day" } },
};

const item = (...items: readonly JsonObject[]): JsonObject => ({
  input: [{ type: "message", role: "user", content: "hi" }, ...items],
});
const inputParts = (...content: readonly JsonObject[]): JsonObject => ({
  input: [{ type: "message", role: "user", content }],
});
const functionTool = { type: "function", name: "f", parameters: schema, strict: false };
const responseTurn = (output: unknown = "sunny", fields: object = {}): JsonObject => ({
  ...item(
    { type: "function_call", call_id: "c", name: "f", arguments: "{}", ...fields },
    { type: "function_call_output", call_id: "c", output },
  ),
  tools: [functionTool],
});

const responses: Readonly<Record<string, JsonObject>> = {
  "`instructions`": { instructions: "s" },
  "`developer` and `system` items, first": {
    input: [
      { type: "message", role: "developer", content: "d" },
      { type: "message", role: "system", content: "s" },
      { type: "message", role: "user", content: "hi" },
    ],
  },
  "a later `developer` item": item(
    { type: "message", role: "developer", content: "d" },
    { type: "message", role: "user", content: "go on" },
  ),
  "`phase` of a message": item({ type: "message", role: "assistant", phase: "commentary", content: "so" }),
  "image, base64": inputParts({ type: "input_image", image_url: `data:image/png;base64,${png}` }),
  "image, URL": inputParts({ type: "input_image", image_url: "https://example.com/a.png" }),
  "image or file, id": inputParts({ type: "input_image", file_id: "file-1" }),
  "file, base64": inputParts({
    type: "input_file",
    filename: "a.pdf",
    file_data: "data:application/pdf;base64,JVBERi0=",
  }),
  "file, URL": inputParts({ type: "input_file", file_url: "https://example.com/a.pdf" }),
  audio: inputParts({ type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }),
  "function calls and outputs": responseTurn(),
  "function output of parts, an image among them": responseTurn([
    { type: "input_text", text: "see" },
    { type: "input_image", image_url: `data:image/png;base64,${png}` },
  ]),
  "`namespace` tools and their calls": {
    ...responseTurn("ok", { namespace: "mcp", name: "g" }),
    tools: [{ type: "namespace", name: "mcp", tools: [{ ...functionTool, name: "g" }] }],
  },
  "custom tools with a grammar, their calls and outputs": {
    ...item(
      { type: "custom_tool_call", call_id: "c", name: "patch", input: "x" },
      { type: "custom_tool_call_output", call_id: "c", output: "ok" },
    ),
    tools: [{ type: "custom", name: "patch", format: grammar }],
  },
  "`additional_tools` item": {
    input: [
      { type: "additional_tools", tools: [functionTool] },
      { type: "message", role: "user", content: "hi" },
    ],
  },
  "description of a `namespace`": {
    tools: [{ type: "namespace", name: "mcp", description: "All of mcp.", tools: [functionTool] }],
  },
  "`tool_search_output` item with tools": {
    input: [
      { type: "message", role: "user", content: "hi" },
      { type: "tool_search_output", tools: [functionTool] },
    ],
  },
  "`tool_search`, `defer_loading`": { tools: [{ ...functionTool, defer_loading: true }, { type: "tool_search" }] },
  "hosted tools: `web_search`, `image_generation`, …": { tools: [functionTool, { type: "web_search" }] },
  "items of hosted tools": item({ type: "web_search_call", id: "ws_1", status: "completed" }),
  "`reasoning` items: summary": item({
    type: "reasoning",
    id: "rs_1",
    summary: [{ type: "summary_text", text: "hm" }],
  }),
  "`reasoning` items: encrypted content": item({
    type: "reasoning",
    id: "rs_1",
    summary: [],
    encrypted_content: "gAAAA",
  }),
  "`tool_choice`: required": { tools: [functionTool], tool_choice: "required" },
  "`tool_choice`: one function": { tools: [functionTool], tool_choice: { type: "function", name: "f" } },
  "`tool_choice`: allowed tools": {
    tools: [functionTool],
    tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] },
  },
  "`parallel_tool_calls: false`": { tools: [functionTool], parallel_tool_calls: false },
  "`max_tool_calls`": { max_tool_calls: 3 },
  "`max_output_tokens`": { max_output_tokens: 100 },
  "`temperature` up to 1, `top_p`": { temperature: 0.5, top_p: 0.9 },
  "`temperature` above 1": { temperature: 1.5 },
  "`frequency_penalty`, `presence_penalty`": { frequency_penalty: 1, presence_penalty: 1 },
  "log probabilities": { include: ["message.output_text.logprobs"], top_logprobs: 2 },
  "`text.format`: JSON schema": { text: { format: { type: "json_schema", name: "x", schema, strict: true } } },
  "`text.format`: JSON schema with bounds": { text: { format: { type: "json_schema", name: "x", schema: bounded } } },
  "`text.format`: JSON object": { text: { format: { type: "json_object" } } },
  "`text.verbosity`": { text: { verbosity: "low" } },
  "`reasoning.effort`: low, medium, high": { reasoning: { effort: "medium" } },
  "`reasoning.effort`: none, minimal, xhigh, max": { reasoning: { effort: "xhigh" } },
  "`reasoning.summary`": { reasoning: { effort: "medium", summary: "auto" } },
  "`service_tier`: flex, priority": { service_tier: "priority" },
  "`prompt_cache_key`, `prompt_cache_retention`": { prompt_cache_key: "k", prompt_cache_retention: "24h" },
  "`metadata`": { metadata: { a: "b" } },
  "`user`, `safety_identifier`": { safety_identifier: "u" },
  "`store`, `previous_response_id`": { store: true },
  "`truncation: auto`": { truncation: "auto" },
  "`background: true`": { background: true },
  "keys that Headgate does not know": { tomorrow: { is: "another day" } },
};

const tool = { name: "f", input_schema: schema };
const turn = (content: unknown, before: readonly JsonObject[] = []): JsonObject => ({
  messages: [
    { role: "user", content: "hi" },
    { role: "assistant", content: [...before, { type: "tool_use", id: "toolu_1", name: "f", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", ...(content as object) }] },
  ],
  tools: [tool],
});
const blocks = (...content: readonly JsonObject[]): JsonObject => ({ messages: [{ role: "user", content }] });
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } };

const messages: Readonly<Record<string, JsonObject>> = {
  "`system`, text or blocks": { system: [{ type: "text", text: "s" }] },
  "a later `system` message": {
    messages: [
      { role: "user", content: "hi" },
      { role: "system", content: "s" },
      { role: "user", content: "go on" },
    ],
  },
  "image, base64": blocks(image),
  "image, URL": blocks({ type: "image", source: { type: "url", url: "https://example.com/a.png" } }),
  "image or document, id": blocks({ type: "image", source: { type: "file", file_id: "file_1" } }),
  "document, base64": blocks({
    type: "document",
    title: "a.pdf",
    source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
  }),
  "document, text": blocks({ type: "document", source: { type: "text", media_type: "text/plain", data: "words" } }),
  "document, URL": blocks({ type: "document", source: { type: "url", url: "https://example.com/a.pdf" } }),
  "`search_result` blocks": blocks({
    type: "search_result",
    source: "https://example.com",
    title: "t",
    content: [{ type: "text", text: "x" }],
  }),
  "`cache_control` on blocks": blocks({ type: "text", text: "hi", cache_control: { type: "ephemeral" } }),
  "tool uses and results": turn({ content: "sunny" }),
  "tool result of blocks, an image among them": turn({ content: [{ type: "text", text: "see" }, image] }),
  "`tool_reference` in a tool result": turn({ content: [{ type: "tool_reference", tool_name: "f" }] }),
  "`is_error`": turn({ content: "no such city", is_error: true }),
  "`thinking` with a signature": turn({ content: "ok" }, [
    { type: "thinking", thinking: "hm", signature: "EqQBCkYIBR" },
  ]),
  "`redacted_thinking`": turn({ content: "ok" }, [{ type: "redacted_thinking", data: "EqQBCkYIBR" }]),
  "tools, `strict`": { tools: [{ ...tool, strict: true }] },
  "`cache_control` on tools": { tools: [{ ...tool, cache_control: { type: "ephemeral" } }] },
  "`defer_loading`": { tools: [{ ...tool, defer_loading: true }] },
  "`eager_input_streaming`": { tools: [{ ...tool, eager_input_streaming: true }] },
  "`input_examples`": { tools: [{ ...tool, input_examples: [{ a: "x" }] }] },
  "tools known by heart: `bash_20250124`, `text_editor_20250728`, …": {
    tools: [tool, { type: "bash_20250124", name: "bash" }],
  },
  "hosted tools: `web_search_20250305`, …": { tools: [tool, { type: "web_search_20250305", name: "web_search" }] },
  "`tool_choice`: any": { tools: [tool], tool_choice: { type: "any" } },
  "`tool_choice`: one tool": { tools: [tool], tool_choice: { type: "tool", name: "f" } },
  "`disable_parallel_tool_use`": { tools: [tool], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  "`max_tokens`": { max_tokens: 100 },
  "`temperature`, `top_p`": { temperature: 0.5, top_p: 0.9 },
  "`top_k`": { top_k: 5 },
  "`stop_sequences`": { stop_sequences: ["END"] },
  "`thinking`: adaptive": { thinking: { type: "adaptive" } },
  "`thinking`: a budget": { thinking: { type: "enabled", budget_tokens: 2048 } },
  "`output_config.effort`: low, medium, high": { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
  "`output_config.effort`: xhigh, max": { thinking: { type: "adaptive" }, output_config: { effort: "max" } },
  "`output_config.format`": { output_config: { format: { type: "json_schema", schema } } },
  "`metadata.user_id`": { metadata: { user_id: "u" } },
  "`service_tier: standard_only`": { service_tier: "standard_only" },
  "`context_management`": { context_management: { edits: [{ type: "clear_thinking_20251015" }] } },
  "`inference_geo`, `speed`, `container`": { speed: "fast" },
  "keys that Headgate does not know": { tomorrow: { is: "another day" } },
};

const toProbes = (wire: TextWire, bodies: Readonly<Record<string, JsonObject>>): readonly Probe[] =>
  Object.entries(bodies).map(([name, body]) => ({ name, body: { ...bases[wire], ...body } }));

export const probes: Readonly<Record<TextWire, readonly Probe[]>> = {
  chat: toProbes("chat", chat),
  responses: toProbes("responses", responses),
  messages: toProbes("messages", messages),
};
