import type {
  RawContentBlockDelta,
  RawMessageStreamEvent,
  TextCitation,
  ToolChoice,
  ToolUnion,
} from "@anthropic-ai/sdk/resources/messages";
import { describe, expect, test } from "vitest";
import { foldAnswer } from "../pivot/fold.ts";
import type { JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { readRequest } from "./testing.ts";

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] => Object.keys(table) as Name[];
const name = "f";
const schema = { type: "object" };

/**
 * Tools by the type that the official client declares, and what becomes of them; a function of the client's own has none,
 * or `custom`.
 */
const hosted: Readonly<Record<Exclude<NonNullable<ToolUnion["type"]>, "custom">, "dropped" | "changed">> = {
  bash_20250124: "changed",
  browser_toolset_20260801: "dropped",
  code_execution_20250522: "dropped",
  code_execution_20250825: "dropped",
  code_execution_20260120: "dropped",
  code_execution_20260521: "dropped",
  computer_toolset_20260801: "dropped",
  memory_20250818: "changed",
  text_editor_20250124: "changed",
  text_editor_20250429: "changed",
  text_editor_20250728: "changed",
  web_search_20250305: "dropped",
  web_fetch_20250910: "dropped",
  web_search_20260209: "dropped",
  web_fetch_20260209: "dropped",
  web_fetch_20260309: "dropped",
  web_search_20260318: "dropped",
  web_fetch_20260318: "dropped",
  tool_search_tool_bm25_20251119: "dropped",
  tool_search_tool_bm25: "dropped",
  tool_search_tool_regex_20251119: "dropped",
  tool_search_tool_regex: "dropped",
};

const choices: Readonly<Record<ToolChoice["type"], unknown>> = {
  auto: "auto",
  any: "required",
  none: "none",
  tool: { name },
};

const deltas: Readonly<Record<RawContentBlockDelta["type"], JsonObject>> = {
  text_delta: { text: "a" },
  input_json_delta: { partial_json: "" },
  citations_delta: {
    citation: { type: "web_search_result_location", url: "https://e.x", title: "t", cited_text: "c" },
  },
  thinking_delta: { thinking: "a" },
  signature_delta: { signature: "s" },
};

const citations: Readonly<Record<TextCitation["type"], true>> = {
  char_location: true,
  page_location: true,
  content_block_location: true,
  web_search_result_location: true,
  search_result_location: true,
};

const events: Readonly<Record<RawMessageStreamEvent["type"], true>> = {
  message_start: true,
  content_block_start: true,
  content_block_delta: true,
  content_block_stop: true,
  message_delta: true,
  message_stop: true,
};

const block = (content: JsonObject, ...inside: readonly JsonObject[]): JsonObject[] => [
  { type: "message_start", message: { id: "msg_1", model: "m", usage: { input_tokens: 1, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: content },
  ...inside.map((delta) => ({ type: "content_block_delta", index: 0, delta })),
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Yes." } },
  { type: "content_block_stop", index: 1 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];

const fold = (...frames: readonly JsonObject[]) => foldAnswer(readStream("messages", namedFrames(...frames)));

describe("what the official client declares", () => {
  test.each(namesOf(hosted))("the hosted tool %s is named, and other tools stay", (type) => {
    const { request, losses } = readRequest({
      tools: [
        { type, name: "h" },
        { name, input_schema: schema },
      ],
    });
    expect(losses).toEqual([`${hosted[type]} tools[].${type}`]);
    expect(request.tools.map((tool) => tool.name)).toEqual(hosted[type] === "changed" ? ["h", name] : [name]);
  });

  test.each(namesOf(choices))("the choice %s of tools is carried", (type) => {
    const { request, losses } = readRequest({ tools: [{ name, input_schema: schema }], tool_choice: { type, name } });
    expect([request.toolChoice, losses]).toEqual([choices[type], []]);
  });

  test.each(namesOf(deltas))("a %s in a block of any kind breaks nothing", (type) => {
    for (const content of [
      { type: "text", text: "" },
      { type: "thinking", thinking: "", signature: "" },
      { type: "tool_use", id: "toolu_1", name, input: {} },
      { type: "tomorrow" },
    ]) {
      const { fault, items } = fold(...block(content, { type, ...deltas[type] }));
      expect(fault).toBeUndefined();
      expect(items.at(-1)?.parts.at(-1)).toMatchObject({ text: expect.stringMatching(/Yes\.$/) });
    }
  });

  test.each(namesOf(citations))("a citation of type %s breaks nothing", (type) => {
    const citation = {
      type,
      cited_text: "c",
      url: "https://e.x",
      source: "https://e.x",
      title: "t",
      document_title: "t",
    };
    const said = { type: "text_delta", text: "a" };
    const { fault, items } = fold(...block({ type: "text", text: "" }, said, { type: "citations_delta", citation }));
    expect(fault).toBeUndefined();
    expect(items.flatMap(({ parts }) => parts.map(({ text }) => text)).join("")).toBe("aYes.");
  });

  test.each(namesOf(events))("an event %s that holds nothing is no fault", (type) => {
    const { fault, reason } = fold({ type }, ...block({ type: "text", text: "" }, { type: "text_delta", text: "a" }));
    expect([fault, reason]).toEqual([undefined, "stop"]);
  });
});
