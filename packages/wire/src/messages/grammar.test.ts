import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { namedFrames, toSseEvents } from "../testing/exchange.ts";
import { checkMessagesStream } from "./grammar.ts";

const usage = { input_tokens: 1, output_tokens: 0 };
const start = { type: "message_start", message: { id: "m", type: "message", role: "assistant", model: "m", usage } };
const open = (content_block: object, index = 0): JsonObject => ({ type: "content_block_start", index, content_block });
const delta = (change: object, index = 0): JsonObject => ({ type: "content_block_delta", index, delta: change });
const close = (index = 0): JsonObject => ({ type: "content_block_stop", index });
const ending = (change: object = { stop_reason: "end_turn", stop_sequence: null }): JsonObject => ({
  type: "message_delta",
  delta: change,
  usage,
});
const check = (frames: readonly JsonObject[], end = ending()): string[] =>
  checkMessagesStream(toSseEvents(namedFrames(start, ...frames, end, { type: "message_stop" })));

const thinking = { type: "thinking", thinking: "", signature: "" };
const text = { type: "text", text: "" };
const sign = delta({ type: "signature_delta", signature: "s" });
const search = { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} };

describe("a messages stream", () => {
  const good: readonly [name: string, frames: JsonObject[]][] = [
    ["a signed thought", [open(thinking), delta({ type: "thinking_delta", thinking: "a" }), sign, close()]],
    ["a signature alone", [open(thinking), sign, close()]],
    ["a redacted thought", [open({ type: "redacted_thinking", data: "d" }), close()]],
    ["cited text", [open(text), delta({ type: "citations_delta", citation: { type: "page_location" } }), close()]],
    [
      "a tool that the backend ran",
      [
        open(search),
        delta({ type: "input_json_delta", partial_json: "{}" }),
        close(),
        open({ type: "web_search_tool_result", tool_use_id: "srv_1", content: [] }, 1),
        close(1),
      ],
    ],
  ];

  test.each(good)("may hold %s", (_name, frames) => {
    expect(check(frames)).toEqual([]);
  });

  const bad: readonly [name: string, frames: JsonObject[], violation: RegExp][] = [
    [
      "words after a signature",
      [open(thinking), sign, delta({ type: "thinking_delta", thinking: "a" }), close()],
      /after the signature/,
    ],
    ["a second signature", [open(thinking), sign, sign, close()], /after the signature/],
    ["a signature under text", [open(text), sign, close()], /outside its block/],
    ["a redacted thought of nothing", [open({ type: "redacted_thinking" }), close()], /has no data/],
    [
      "a thought without a signature to grow",
      [open({ type: "thinking", thinking: "" }), close()],
      /without text or sig/,
    ],
    ["a citation of nothing", [open(text), delta({ type: "citations_delta" }), close()], /has no citation/],
    ["a delta of nothing", [open(text), delta({ type: "text_delta" }), close()], /has no text/],
    ["a block of an unknown kind", [open({ type: "brand_new" }), close()], /unknown block/],
    ["a hosted tool without an id", [open({ ...search, id: 7 }), close()], /lacks id or name/],
  ];

  test.each(bad)("may not hold %s", (_name, frames, violation) => {
    expect(check(frames)).toContainEqual(expect.stringMatching(violation));
  });

  test("names a stop sequence only where one was met", () => {
    expect(check([], ending({ stop_reason: "stop_sequence", stop_sequence: "END" }))).toEqual([]);
    expect(check([], ending({ stop_reason: "end_turn", stop_sequence: "END" }))).toContainEqual(
      expect.stringMatching(/stop_sequence that was none/),
    );
  });
});
