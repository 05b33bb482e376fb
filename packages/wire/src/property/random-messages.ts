import { defined } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { pickSchema, randomTools, strict, type ToolPlan } from "./random-parts.ts";
import type { Tape } from "./tape.ts";

/** Any body that a client of Messages may send. */
export function randomMessages(tape: Tape): JsonObject {
  const tools = randomTools(tape, ["function"]);
  return defined({
    model: "x",
    max_tokens: 4409,
    system: tape.pick<unknown>([undefined, tape.text(), [text(tape), text(tape)]]),
    messages: [{ role: "user", content: tape.text() }, ...tape.many(9, () => messages(tape, tools)).flat()],
    tools: tools.length === 0 ? tape.pick([undefined, []]) : toolList(tape, tools),
    tool_choice: tape.maybe(() => choice(tape, tools)),
    ...(tape.oneIn(2) ? settings(tape) : {}),
    stream: tape.oneIn(2) ? true : undefined,
  });
}

const text = (tape: Tape): JsonObject =>
  defined({
    type: "text",
    text: tape.text(),
    ...tape.cacheMark(),
  });

/** What the assistant said before, in part with its sources. */
const spoken = (tape: Tape): JsonObject =>
  tape.oneIn(4) ? { ...text(tape), citations: [citation(tape)] } : text(tape);

const citation = (tape: Tape): JsonObject => ({
  type: "web_search_result_location",
  url: `https://example.org/${tape.word()}`,
  title: tape.word(),
  cited_text: tape.text(),
  encrypted_index: tape.word(),
});

function messages(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  switch (tape.below(6)) {
    case 0:
      return [{ role: "user", content: content(tape) }];
    case 1:
      return [{ role: "assistant", content: tape.pick<unknown>([tape.text(), [...thoughts(tape), spoken(tape)]]) }];
    case 2:
      return [{ role: "system", content: tape.pick<unknown>([tape.text(), [text(tape)]]) }];
    case 3:
      return [{ role: "user", content: tape.pick<unknown>(["", []]) }];
    default:
      return turn(tape, tools);
  }
}

const thoughts = (tape: Tape): JsonObject[] =>
  tape.pick<JsonObject[]>([
    [],
    [{ type: "thinking", thinking: tape.text(), signature: `sig_${tape.word()}` }],
    [{ type: "thinking", thinking: "", signature: `sig_${tape.word()}` }],
    [{ type: "redacted_thinking", data: `red_${tape.word()}` }],
    [{ type: "thinking", thinking: tape.text() }],
  ]);

/** Calls and their results, some of which are late, missing, failed or rewritten. */
function turn(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  const uses = Array.from({ length: 1 + tape.below(3) }, () => ({
    type: "tool_use",
    id: `toolu_${tape.word()}`,
    name: tools[tape.below(tools.length + 1)]?.name ?? "gone",
    input: tape.object(),
  }));
  const results = uses
    .filter(() => !tape.oneIn(6))
    .map(({ id }) =>
      defined({
        type: "tool_result",
        tool_use_id: tape.oneIn(4) ? id.replace("_", "") : id,
        content: tape.pick<unknown>([tape.text(), [text(tape), ...(tape.oneIn(3) ? [block(tape)] : [])], undefined]),
        is_error: tape.pick([undefined, true, false]),
      }),
    );
  const said = { role: "assistant", content: [...thoughts(tape), ...tape.many(1, () => spoken(tape)), ...uses] };
  const lost = tape.oneIn(8) ? [{ type: "tool_result", tool_use_id: "lost", content: tape.text() }] : [];
  const words = tape.many(1, () => text(tape));
  const answer = [...results, ...lost, ...words];
  if (answer.length === 0) return [said];
  // A client may say something between the results, or in a turn of its own.
  if (tape.oneIn(5) && results.length > 1) {
    return [said, { role: "user", content: results.slice(0, 1) }, { role: "user", content: answer.slice(1) }];
  }
  return [said, { role: "user", content: tape.oneIn(4) ? [...words, ...results, ...lost] : answer }];
}

const content = (tape: Tape): unknown =>
  tape.pick<unknown>([tape.text(), [block(tape), ...tape.many(3, () => block(tape)), text(tape)]]);

function block(tape: Tape): JsonObject {
  switch (tape.below(8)) {
    case 1:
      return { type: "image", source: { type: "url", url: `https://example.org/${tape.word()}.png` } };
    case 2:
      return { type: "image", source: { type: "base64", media_type: "image/png", data: tape.base64() } };
    case 3:
      return {
        type: "document",
        title: tape.word(),
        source: { type: "base64", media_type: "application/pdf", data: tape.base64() },
      };
    case 4:
      return {
        type: "document",
        context: tape.text(),
        source: { type: "text", media_type: "text/plain", data: tape.text() },
      };
    case 5:
      return { type: "document", source: { type: "file", file_id: `file_${tape.word()}` } };
    case 6:
      return { type: tape.word(), more: tape.text() };
    case 7:
      return { type: "document", source: { type: "url", url: `https://example.org/${tape.word()}.pdf` } };
    default:
      return text(tape);
  }
}

function toolList(tape: Tape, tools: readonly ToolPlan[]): JsonObject[] {
  const list: JsonObject[] = tools.map(({ name }) =>
    defined({
      name,
      type: tape.oneIn(4) ? "custom" : undefined,
      description: tape.maybe(() => tape.text()),
      input_schema: tape.pick<JsonObject>([{ type: "object" }, pickSchema(tape)]),
      strict: strict(tape),
      defer_loading: tape.oneIn(5) ? true : undefined,
      eager_input_streaming: tape.oneIn(5) ? true : undefined,
      ...tape.cacheMark(),
    }),
  );
  return tape.oneIn(6) ? [...list, { type: "web_search_20250305", name: `search_${tape.word()}` }] : list;
}

function choice(tape: Tape, tools: readonly ToolPlan[]): JsonObject {
  const [first] = tools;
  const named = first === undefined ? { type: "any" } : { type: "tool", name: first.name };
  const kind = tape.pick<JsonObject>([{ type: "auto" }, { type: "none" }, { type: "any" }, named]);
  return tape.oneIn(3) ? { ...kind, disable_parallel_tool_use: true } : kind;
}

function settings(tape: Tape): JsonObject {
  return defined({
    temperature: tape.maybe(() => 0.31),
    top_p: tape.maybe(() => 0.97),
    top_k: tape.maybe(() => 41),
    stop_sequences: tape.maybe(() => [tape.word(), tape.word()]),
    thinking: tape.maybe(() =>
      tape.pick<JsonObject>([
        { type: "disabled" },
        { type: "adaptive", display: "omitted" },
        { type: "enabled", budget_tokens: 2051 },
        { type: "enabled", budget_tokens: 4409 },
        { type: "between_tools" },
      ]),
    ),
    output_config: tape.maybe(() =>
      defined({
        effort: tape.maybe(() => tape.pick(["low", "medium", "high", "xhigh", "max"])),
        format: tape.maybe(() => ({ type: "json_schema", schema: pickSchema(tape) })),
      }),
    ),
    service_tier: tape.maybe(() => "standard_only"),
    metadata: tape.maybe(() => ({ user_id: tape.word() })),
    future: tape.maybe(() => ({ depth: tape.word() })),
  });
}
