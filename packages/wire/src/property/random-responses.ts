import { defined } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { argumentsText, pickEffort, pickSchema, randomTools, strict, type ToolPlan } from "./random-parts.ts";
import type { Tape } from "./tape.ts";

/** Any body that a client of Responses may send; it leans on no stored answer. */
export function randomResponses(tape: Tape): JsonObject {
  const tools = randomTools(tape, ["function", "custom"]).map((tool) =>
    tape.oneIn(3) ? { ...tool, namespace: tape.pick(["files", "news"]) } : tool,
  );
  const user = { type: "message", role: "user", content: tape.text() };
  return defined({
    model: "x",
    instructions: tape.maybe(() => tape.text()),
    input: tape.oneIn(12) ? tape.text() : [user, ...tape.many(9, () => items(tape, tools)).flat()],
    tools: tools.length === 0 ? tape.pick([undefined, []]) : toolList(tape, tools),
    tool_choice: tape.maybe(() => choice(tape, tools)),
    parallel_tool_calls: tape.maybe(() => tape.oneIn(2)),
    ...(tape.oneIn(2) ? settings(tape) : {}),
    store: tape.pick([false, undefined, true]),
    stream: tape.oneIn(2) ? true : undefined,
  });
}

function items(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  switch (tape.below(8)) {
    case 0:
      return [{ type: "message", role: "user", content: content(tape) }];
    case 1:
      return [assistant(tape)];
    case 2:
      return [{ role: tape.pick(["system", "developer"]), content: [{ type: "input_text", text: tape.text() }] }];
    case 3:
      return [reasoning(tape)];
    case 4:
      return [odd(tape)];
    default:
      return turn(tape, tools);
  }
}

const assistant = (tape: Tape): JsonObject =>
  defined({
    type: "message",
    id: tape.maybe(() => "msg_1"),
    role: "assistant",
    status: tape.maybe(() => "completed"),
    phase: tape.oneIn(3) ? "commentary" : undefined,
    content: tape.pick<unknown>([
      tape.text(),
      [{ type: "output_text", text: tape.text(), annotations: [], logprobs: [] }],
      [
        { type: "output_text", text: tape.text() },
        { type: "refusal", refusal: tape.text() },
      ],
    ]),
  });

const reasoning = (tape: Tape): JsonObject =>
  defined({
    type: "reasoning",
    id: "rs_1",
    summary: tape.many(2, () => ({ type: "summary_text", text: tape.text() })),
    content: tape.pick([undefined, null, [{ type: "reasoning_text", text: tape.text() }]]),
    encrypted_content: tape.pick([undefined, null, `enc_${tape.word()}`]),
    status: tape.pick([undefined, null]),
  });

const odd = (tape: Tape): JsonObject =>
  tape.pick<JsonObject>([
    { type: "item_reference", id: `rs_${tape.word()}` },
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: tape.word() } },
    { type: "additional_tools", role: "developer", tools: [{ type: "custom", name: `extra_${tape.word()}` }] },
    { type: `acme:${tape.word()}`, text: tape.text() },
  ]);

/** Calls and their results, some of which are late, missing, doubled by an answer in between, or rewritten. */
function turn(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  const calls = Array.from({ length: 1 + tape.below(3) }, () => {
    const tool = tools[tape.below(tools.length + 1)];
    const call_id = `call_${tape.word()}`;
    const of = defined({ call_id, name: tool?.name ?? "gone", namespace: tool?.namespace });
    return tool?.kind === "custom"
      ? { type: "custom_tool_call", ...of, input: tape.text() }
      : { type: "function_call", id: "fc_1", status: "completed", ...of, arguments: argumentsText(tape) };
  });
  const results = calls
    .filter(() => !tape.oneIn(6))
    .map(({ type, call_id }) => ({
      type: `${type}_output`,
      call_id: tape.oneIn(6) ? call_id.replace("_", "") : call_id,
      output: output(tape),
    }));
  if (tape.oneIn(8)) results.push({ type: "function_call_output", call_id: "lost", output: tape.text() });
  const between = tape.oneIn(4) ? [assistant(tape)] : [];
  const [first, ...rest] = results;
  // Some clients answer each call at once.
  if (tape.oneIn(4) && first !== undefined)
    return [...calls.slice(0, 1), first, ...calls.slice(1), ...between, ...rest];
  return [...calls, ...between, ...results];
}

const output = (tape: Tape): unknown =>
  tape.pick<unknown>([
    tape.text(),
    [{ type: "input_text", text: tape.text() }, ...(tape.oneIn(3) ? [part(tape)] : [])],
  ]);

const content = (tape: Tape): unknown =>
  tape.pick<unknown>([
    tape.text(),
    [part(tape), ...tape.many(3, () => part(tape)), { type: "input_text", text: tape.text() }],
  ]);

function part(tape: Tape): JsonObject {
  switch (tape.below(7)) {
    case 1:
      return { type: "input_image", image_url: `https://example.org/${tape.word()}.png`, detail: "high" };
    case 2:
      return { type: "input_image", image_url: `data:image/png;base64,${tape.base64()}`, detail: "auto" };
    case 3:
      return {
        type: "input_file",
        filename: `${tape.word()}.pdf`,
        file_data: `data:application/pdf;base64,${tape.base64()}`,
      };
    case 4:
      return { type: "input_file", [tape.pick(["file_id", "file_url"])]: `https://example.org/${tape.word()}` };
    case 5:
      return { type: "input_image", file_id: `file-${tape.word()}` };
    case 6:
      return { type: tape.word(), more: tape.text() };
    default:
      return { type: "input_text", text: tape.text() };
  }
}

/** Tools of one group stand in it, the others by themselves. */
function toolList(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  const groups = new Map<string, JsonObject[]>();
  const list: JsonObject[] = [];
  for (const tool of tools) {
    const written = toolOf(tape, tool);
    if (tool.namespace === undefined) list.push(written);
    else {
      const known = groups.get(tool.namespace);
      if (known !== undefined) known.push(written);
      else {
        const group = [written];
        groups.set(tool.namespace, group);
        list.push({ type: "namespace", name: tool.namespace, description: tape.text(), tools: group });
      }
    }
  }
  return tape.oneIn(6) ? [...list, { type: "web_search", filters: { allowed_domains: [tape.word()] } }] : list;
}

function toolOf(tape: Tape, { kind, name }: ToolPlan): JsonObject {
  const common = defined({
    name,
    description: tape.maybe(() => tape.text()),
    defer_loading: tape.oneIn(5) ? true : undefined,
  });
  if (kind === "function") {
    return defined({
      type: kind,
      ...common,
      parameters: tape.pick([null, pickSchema(tape)]),
      strict: strict(tape),
    });
  }
  const grammar = { type: "grammar", syntax: "lark", definition: tape.text() };
  return defined({ type: kind, ...common, format: tape.pick([undefined, { type: "text" }, grammar]) });
}

function choice(tape: Tape, tools: readonly ToolPlan[]): unknown {
  const word = tape.pick(["auto", "none", "required"]);
  const first = tools.find(({ namespace }) => namespace === undefined);
  if (first === undefined || tape.oneIn(2)) return word;
  const named = { type: first.kind, name: first.name };
  return tape.pick<JsonObject>([named, { type: "allowed_tools", mode: "auto", tools: [named] }]);
}

function settings(tape: Tape): JsonObject {
  const summary = tape.maybe(() => "auto");
  return defined({
    max_output_tokens: tape.maybe(() => 2203),
    max_tool_calls: tape.maybe(() => 17),
    temperature: tape.maybe(() => 0.31),
    top_p: tape.maybe(() => 0.97),
    top_logprobs: tape.maybe(() => 3),
    include: tape.maybe(() => ["reasoning.encrypted_content"]),
    reasoning: tape.maybe(() => defined({ effort: tape.maybe(() => pickEffort(tape)), summary })),
    text: tape.maybe(() => defined({ format: tape.maybe(() => format(tape)), verbosity: tape.maybe(() => "low") })),
    service_tier: tape.maybe(() => "flex"),
    prompt_cache_key: tape.maybe(() => tape.word()),
    metadata: tape.maybe(() => ({ topic: tape.word() })),
    safety_identifier: tape.maybe(() => tape.word()),
    future: tape.maybe(() => ({ depth: tape.word() })),
  });
}

const format = (tape: Tape): JsonObject =>
  tape.pick<JsonObject>([
    { type: "text" },
    { type: "json_object" },
    { type: "json_schema", name: tape.word(), schema: pickSchema(tape), description: tape.text(), strict: true },
  ]);
