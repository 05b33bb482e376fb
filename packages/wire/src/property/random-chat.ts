import { defined } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { argumentsText, pickEffort, pickSchema, randomTools, strict, type ToolPlan } from "./random-parts.ts";
import type { Tape } from "./tape.ts";

/** Any body that a client of Chat Completions may send. */
export function randomChat(tape: Tape): JsonObject {
  const tools = randomTools(tape, ["function", "custom"]);
  return defined({
    model: "x",
    messages: [{ role: "user", content: tape.text() }, ...tape.many(9, () => messages(tape, tools)).flat()],
    tools: tools.length === 0 ? tape.pick([undefined, []]) : tools.map((tool) => toolOf(tape, tool)),
    tool_choice: tape.maybe(() => choice(tape, tools)),
    parallel_tool_calls: tape.maybe(() => tape.oneIn(2)),
    ...(tape.oneIn(2) ? settings(tape) : {}),
    stream: tape.oneIn(2) ? true : undefined,
  });
}

function messages(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  switch (tape.below(6)) {
    case 0:
      return [defined({ role: "user", content: content(tape), name: tape.oneIn(4) ? tape.word() : undefined })];
    case 1:
      return [defined({ role: "assistant", content: tape.text(), ...thought(tape) })];
    case 2:
      return [{ role: tape.pick(["system", "developer"]), content: tape.text() }];
    case 3:
      return [
        tape.pick([
          { role: "assistant", content: null, refusal: tape.text() },
          { role: "user", content: "" },
        ]),
      ];
    default:
      return turn(tape, tools);
  }
}

const thought = (tape: Tape): JsonObject =>
  tape.oneIn(3) ? { [tape.pick(["reasoning_content", "reasoning"])]: tape.text() } : {};

/** Calls and their results, some of which are late, missing or rewritten. */
function turn(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  const ids = Array.from({ length: 1 + tape.below(3) }, () => `call_${tape.word()}`);
  const calls = ids.map((id) => {
    const tool = tools[tape.below(tools.length + 1)];
    const name = tool === undefined ? "gone" : tool.name;
    return tool?.kind === "custom"
      ? { id, type: "custom", custom: { name, input: tape.text() } }
      : { id, type: "function", function: { name, arguments: argumentsText(tape) } };
  });
  const results = ids
    .filter(() => !tape.oneIn(6))
    .map((id) => ({ role: "tool", tool_call_id: tape.oneIn(4) ? id.replace("_", "") : id, content: output(tape) }));
  if (tape.oneIn(3)) results.reverse();
  if (tape.oneIn(8)) results.push({ role: "tool", tool_call_id: "lost", content: tape.text() });
  const said = { role: "assistant", content: tape.pick([null, tape.text(), ""]), tool_calls: calls, ...thought(tape) };
  return [said, ...results];
}

const output = (tape: Tape): unknown =>
  tape.pick<unknown>([tape.text(), [{ type: "text", text: tape.text() }, ...(tape.oneIn(3) ? [part(tape)] : [])]]);

const content = (tape: Tape): unknown =>
  tape.pick<unknown>([
    tape.text(),
    [part(tape), ...tape.many(3, () => part(tape)), { type: "text", text: tape.text() }],
  ]);

function part(tape: Tape): JsonObject {
  switch (tape.below(7)) {
    case 1:
      return { type: "image_url", image_url: { url: `https://example.org/${tape.word()}.png`, detail: "low" } };
    case 2:
      return { type: "image_url", image_url: { url: `data:image/png;base64,${tape.base64()}` } };
    case 3:
      return {
        type: "file",
        file: { filename: `${tape.word()}.pdf`, file_data: `data:application/pdf;base64,${tape.base64()}` },
      };
    case 4:
      return { type: "file", file: { file_id: `file-${tape.word()}` } };
    case 5:
      return { type: "input_audio", input_audio: { data: tape.base64(), format: "wav" } };
    case 6:
      return { type: tape.word(), more: tape.text() };
    default:
      return defined({
        type: "text",
        text: tape.text(),
        ...tape.cacheMark(),
      });
  }
}

function toolOf(tape: Tape, tool: ToolPlan): JsonObject {
  const description = tape.maybe(() => tape.text());
  if (tool.kind === "custom") {
    const grammar = { type: "grammar", grammar: { syntax: "lark", definition: tape.text() } };
    const custom = defined({ name: tool.name, description, format: tape.pick([undefined, { type: "text" }, grammar]) });
    return { type: "custom", custom };
  }
  const parameters = tape.maybe(() => pickSchema(tape));
  return { type: "function", function: defined({ name: tool.name, description, parameters, strict: strict(tape) }) };
}

function choice(tape: Tape, tools: readonly ToolPlan[]): unknown {
  const word = tape.pick(["auto", "none", "required"]);
  const [first] = tools;
  if (first === undefined || tape.oneIn(2)) return word;
  const named = { type: first.kind, [first.kind]: { name: first.name } };
  return tape.pick<JsonObject>([named, { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [named] } }]);
}

function settings(tape: Tape): JsonObject {
  return defined({
    max_tokens: tape.maybe(() => 1201),
    max_completion_tokens: tape.maybe(() => 2203),
    temperature: tape.maybe(() => 0.31),
    top_p: tape.maybe(() => 0.97),
    seed: tape.maybe(() => 70_001),
    frequency_penalty: tape.maybe(() => 0.53),
    presence_penalty: tape.maybe(() => -0.59),
    logprobs: tape.maybe(() => true),
    top_logprobs: tape.maybe(() => 3),
    stop: tape.maybe(() => tape.pick<unknown>([tape.word(), [tape.word(), tape.word()]])),
    reasoning_effort: tape.maybe(() => pickEffort(tape)),
    response_format: tape.maybe(() => format(tape)),
    verbosity: tape.maybe(() => "low"),
    service_tier: tape.maybe(() => "flex"),
    prompt_cache_key: tape.maybe(() => tape.word()),
    metadata: tape.maybe(() => ({ topic: tape.word() })),
    user: tape.maybe(() => tape.word()),
    n: tape.maybe(() => 2),
    future: tape.maybe(() => ({ depth: tape.word() })),
  });
}

const format = (tape: Tape): JsonObject =>
  tape.pick<JsonObject>([
    { type: "text" },
    { type: "json_object" },
    {
      type: "json_schema",
      json_schema: { name: tape.word(), schema: pickSchema(tape), description: tape.text(), strict: true },
    },
  ]);
