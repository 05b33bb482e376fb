import type {
  ResponseCreateParams,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
  Tool,
} from "openai/resources/responses/responses";
import { describe, expect, test } from "vitest";
import { foldAnswer } from "../pivot/fold.ts";
import type { JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { read } from "./testing/read.ts";

/** What the gateway itself reads, and what asks for no more than every answer has. */
type Own = "model" | "previous_response_id" | "store" | "include" | "stream_options";
type Params = Omit<ResponseCreateParams, Own>;

/** Every field that OpenAI's client declares, and what of it has no place in other wires. */
const fields: { readonly [Field in keyof Required<Params>]: readonly [Required<Params>[Field], losses?: string[]] } = {
  access_programs: [{ cyber: "standard" }, ["dropped access_programs"]],
  background: [true, ["dropped background"]],
  context_management: [[{ type: "compaction", compact_threshold: 1 }], ["dropped context_management"]],
  conversation: ["c", ["dropped conversation"]],
  image: [{ context_compression: "auto" }, ["dropped image"]],
  input: ["other"],
  instructions: ["i"],
  max_output_tokens: [9],
  max_tool_calls: [9, ["dropped max_tool_calls"]],
  metadata: [{ a: "b" }],
  moderation: [{ model: "m" }, ["dropped moderation"]],
  parallel_tool_calls: [false],
  prompt: [{ id: "p" }, ["dropped prompt"]],
  prompt_cache_key: ["k"],
  prompt_cache_options: [{ mode: "explicit" }, ["dropped prompt_cache_options"]],
  prompt_cache_retention: ["24h"],
  reasoning: [{ effort: "low" }],
  safety_identifier: ["s"],
  service_tier: ["flex"],
  stream: [true],
  temperature: [1],
  text: [{ verbosity: "low" }],
  tool_choice: ["none"],
  tools: [[{ type: "function", name: "f", parameters: { type: "object" }, strict: true }]],
  top_logprobs: [1],
  top_p: [1],
  truncation: ["auto", ["dropped truncation"]],
  user: ["u"],
};

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] => Object.keys(table) as Name[];

/** Every item of an input, and what becomes of it. */
const inputItems: Readonly<Record<NonNullable<ResponseInputItem["type"]>, "carried" | "dropped" | "refused">> = {
  message: "carried",
  file_search_call: "dropped",
  computer_call: "dropped",
  web_search_call: "dropped",
  function_call: "carried",
  tool_search_output: "carried",
  configuration_update: "dropped",
  reasoning: "carried",
  compaction: "refused",
  code_interpreter_call: "dropped",
  custom_tool_call_output: "carried",
  custom_tool_call: "carried",
  computer_call_output: "dropped",
  function_call_output: "carried",
  tool_search_call: "dropped",
  image_generation_call: "dropped",
  local_shell_call: "dropped",
  local_shell_call_output: "dropped",
  shell_call: "dropped",
  shell_call_output: "dropped",
  mcp_list_tools: "dropped",
  mcp_approval_request: "dropped",
  mcp_approval_response: "dropped",
  mcp_call: "dropped",
  item_reference: "dropped",
  program: "dropped",
  program_output: "dropped",
  additional_tools: "carried",
  apply_patch_call: "dropped",
  apply_patch_call_output: "dropped",
  compaction_trigger: "dropped",
};

/** Every tool. */
const tools: Readonly<Record<Tool["type"], "carried" | "dropped">> = {
  function: "carried",
  file_search: "dropped",
  computer: "dropped",
  computer_use_preview: "dropped",
  web_search: "dropped",
  web_search_2025_08_26: "dropped",
  mcp: "dropped",
  code_interpreter: "dropped",
  programmatic_tool_calling: "dropped",
  image_generation: "dropped",
  local_shell: "dropped",
  shell: "dropped",
  custom: "carried",
  namespace: "carried",
  tool_search: "dropped",
  web_search_preview: "dropped",
  web_search_preview_2025_03_11: "dropped",
  apply_patch: "dropped",
};

/** Every item of an output. */
const outputItems: Readonly<Record<ResponseOutputItem["type"], true>> = {
  message: true,
  file_search_call: true,
  function_call: true,
  function_call_output: true,
  web_search_call: true,
  computer_call: true,
  computer_call_output: true,
  reasoning: true,
  program: true,
  program_output: true,
  tool_search_call: true,
  tool_search_output: true,
  additional_tools: true,
  compaction: true,
  image_generation_call: true,
  code_interpreter_call: true,
  local_shell_call: true,
  local_shell_call_output: true,
  shell_call: true,
  shell_call_output: true,
  apply_patch_call: true,
  apply_patch_call_output: true,
  mcp_call: true,
  mcp_list_tools: true,
  mcp_approval_request: true,
  mcp_approval_response: true,
  custom_tool_call: true,
  custom_tool_call_output: true,
};

/** Every event of a stream. */
const events: Readonly<Record<ResponseStreamEvent["type"], "goes on" | "ends" | "fails">> = {
  "response.audio.delta": "goes on",
  "response.audio.done": "goes on",
  "response.audio.transcript.delta": "goes on",
  "response.audio.transcript.done": "goes on",
  "response.code_interpreter_call_code.delta": "goes on",
  "response.code_interpreter_call_code.done": "goes on",
  "response.code_interpreter_call.completed": "goes on",
  "response.code_interpreter_call.in_progress": "goes on",
  "response.code_interpreter_call.interpreting": "goes on",
  "response.compaction.compacting": "goes on",
  "response.completed": "ends",
  "response.content_part.added": "goes on",
  "response.content_part.done": "goes on",
  "response.created": "goes on",
  error: "fails",
  "response.file_search_call.completed": "goes on",
  "response.file_search_call.in_progress": "goes on",
  "response.file_search_call.searching": "goes on",
  "response.function_call_arguments.delta": "goes on",
  "response.function_call_arguments.done": "goes on",
  "response.shell_call_command.added": "goes on",
  "response.shell_call_command.delta": "goes on",
  "response.shell_call_command.done": "goes on",
  "response.shell_call_output_content.delta": "goes on",
  "response.shell_call_output_content.done": "goes on",
  "response.in_progress": "goes on",
  "response.failed": "fails",
  "response.incomplete": "ends",
  "response.output_item.added": "goes on",
  "response.output_item.done": "goes on",
  "response.reasoning_summary_part.added": "goes on",
  "response.reasoning_summary_part.done": "goes on",
  "response.reasoning_summary_text.delta": "goes on",
  "response.reasoning_summary_text.done": "goes on",
  "response.reasoning_text.delta": "goes on",
  "response.reasoning_text.done": "goes on",
  "response.refusal.delta": "goes on",
  "response.refusal.done": "goes on",
  "response.output_text.delta": "goes on",
  "response.output_text.done": "goes on",
  "response.web_search_call.completed": "goes on",
  "response.web_search_call.in_progress": "goes on",
  "response.web_search_call.searching": "goes on",
  "response.image_generation_call.completed": "goes on",
  "response.image_generation_call.generating": "goes on",
  "response.image_generation_call.in_progress": "goes on",
  "response.image_generation_call.partial_image": "goes on",
  "response.mcp_call_arguments.delta": "goes on",
  "response.mcp_call_arguments.done": "goes on",
  "response.mcp_call.completed": "goes on",
  "response.mcp_call.failed": "goes on",
  "response.mcp_call.in_progress": "goes on",
  "response.mcp_list_tools.completed": "goes on",
  "response.mcp_list_tools.failed": "goes on",
  "response.mcp_list_tools.in_progress": "goes on",
  "response.output_text.annotation.added": "goes on",
  "response.queued": "goes on",
  "response.custom_tool_call_input.delta": "goes on",
  "response.custom_tool_call_input.done": "goes on",
};

const at = { item_id: "m", output_index: 1, content_index: 0 };
const message = { type: "message", id: "m", role: "assistant", content: [] };
const said = [
  { type: "response.output_item.added", output_index: 1, item: message },
  { type: "response.output_text.delta", ...at, delta: "Yes." },
];
const completed = { type: "response.completed", response: { status: "completed", output: [] } };

const readBare = JSON.stringify(read({}).request);

describe("what OpenAI's client declares", () => {
  test.each(Object.entries(fields))("the field %s is carried, or named", (field, [value, losses = []]) => {
    const told = read({ [field]: value } as JsonObject);
    expect(told.losses).toEqual(losses);
    if (losses.length === 0) expect([field, JSON.stringify(told.request) !== readBare]).toEqual([field, true]);
  });

  test.each(namesOf(inputItems))("an input item of type %s is carried, or named", (type) => {
    const call = { call_id: "c", name: "f", arguments: "{}", input: "x", output: "o" };
    const summary = [{ type: "summary_text", text: "s" }];
    const item = { type, role: "user", content: "a", summary, tools: [{ type: "custom", name: "t" }], ...call };
    if (inputItems[type] === "refused") {
      expect(() => read({ input: [item] })).toThrow(/input\[0\]/);
      return;
    }
    const { request, losses } = read({ input: [item] });
    if (inputItems[type] === "dropped") expect(losses.join()).toContain(type);
    else expect(request.items.length + request.tools.length).toBeGreaterThan(0);
  });

  test.each(namesOf(tools))("a tool of type %s is carried, or named", (type) => {
    const told = read({ tools: [{ type, name: "f", description: "d", parameters: {}, tools: [] }] });
    if (tools[type] === "dropped") expect(told.losses).toEqual([`dropped tools[].${type}`]);
    else expect(told.losses).toEqual([]);
  });

  test.each(namesOf(outputItems))("an output item of type %s does not stop an answer", (type) => {
    const item = { type, id: "i", call_id: "c", name: "f", arguments: "{}", input: "", content: [], summary: [] };
    const added = { type: "response.output_item.added", output_index: 0, item };
    const done = { type: "response.output_item.done", output_index: 0, item };
    const { fault, items } = foldAnswer(readStream("responses", namedFrames(added, done, ...said, completed)));
    expect(fault).toBeUndefined();
    expect(items.at(-1)).toMatchObject({ item: { type: "message" }, parts: [{ text: "Yes." }] });
  });

  test.each(namesOf(events))("an event of type %s does what it says, and breaks nothing", (type) => {
    const event = { type, item_id: "none", output_index: 7, delta: "", response: { status: "in_progress" } };
    const { fault, reason } = foldAnswer(readStream("responses", namedFrames(event, ...said, completed)));
    if (events[type] === "fails") expect(fault).toBeDefined();
    else expect([fault, reason]).toEqual([undefined, expect.any(String)]);
  });
});
