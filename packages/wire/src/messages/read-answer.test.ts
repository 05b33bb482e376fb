import { describe, expect, test } from "vitest";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { readMessagesAnswer } from "./answer.ts";

const start = { type: "message_start", message: { id: "msg_1", type: "message", role: "assistant", model: "m" } };
const open = (index: number, content_block: object): JsonObject => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, change: object): JsonObject => ({ type: "content_block_delta", index, delta: change });
const close = (index: number): JsonObject => ({ type: "content_block_stop", index });
const end = [{ type: "message_delta", delta: { stop_reason: "end_turn" } }, { type: "message_stop" }];

const streamed = (...frames: JsonObject[]): AnswerEvent[] =>
  inside(readStream("messages", namedFrames(start, ...frames, ...end)));
const whole = (...content: JsonObject[]): AnswerEvent[] =>
  inside(readMessagesAnswer({ ...start.message, content, stop_reason: "end_turn" }));
/** What is between the first event and the last. */
const inside = (events: readonly AnswerEvent[]): AnswerEvent[] => {
  expect(events[0]?.type).toBe("start");
  expect(events.at(-1)?.type).toBe("finish");
  return events.slice(1, -1);
};

const signed = { wire: "messages", kind: "signature", value: "sig" } as const;
const hidden = { wire: "messages", kind: "redacted", value: "data" } as const;
const reasoning = (index: number): AnswerEvent => ({ type: "item.start", index, item: { type: "reasoning" } });
const message = (index: number): AnswerEvent => ({ type: "item.start", index, item: { type: "message" } });
const over = (index: number): AnswerEvent => ({ type: "item.end", index });
const emptyText = { type: "text", text: "" };
const emptyThought = { type: "thinking", thinking: "", signature: "" };
const page = {
  type: "web_search_result_location",
  url: "https://e.x",
  title: "T",
  cited_text: "w",
  encrypted_index: "secret",
};
const place = { type: "page_location", document_index: 0, start_page_number: 1, end_page_number: 2 };

const search = { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "x" } };
const found = { type: "web_search_tool_result", tool_use_id: "srv_1", content: [{ type: "web_search_result" }] };
const opaque = (index: number, value: JsonObject, id?: string): AnswerEvent => ({
  type: "item.start",
  index,
  item: { type: "opaque", wire: "messages", value, ...(id === undefined ? {} : { id }) },
});

const answers: readonly [name: string, stream: JsonObject[], content: JsonObject[], events: AnswerEvent[]][] = [
  [
    "a signed thought",
    [
      open(0, emptyThought),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      delta(0, { type: "signature_delta", signature: "sig" }),
      close(0),
    ],
    [{ type: "thinking", thinking: "Hm", signature: "sig" }],
    [
      reasoning(0),
      { type: "reasoning.delta", index: 0, delta: "Hm" },
      { type: "seal", index: 0, seal: signed },
      over(0),
    ],
  ],
  [
    "a signature alone (display omitted)",
    [open(0, emptyThought), delta(0, { type: "signature_delta", signature: "sig" }), close(0)],
    [{ type: "thinking", thinking: "", signature: "sig" }],
    [reasoning(0), { type: "seal", index: 0, seal: signed }, over(0)],
  ],
  [
    "an unsigned thought (llama.cpp)",
    [
      open(0, { type: "thinking", thinking: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      delta(0, { type: "signature_delta", signature: "" }),
      close(0),
    ],
    [{ type: "thinking", thinking: "Hm" }],
    [reasoning(0), { type: "reasoning.delta", index: 0, delta: "Hm" }],
  ],
  [
    "a thought that may not be read, after one that may",
    [
      open(0, emptyThought),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      close(0),
      open(1, { type: "redacted_thinking", data: "data" }),
      close(1),
    ],
    [emptyThoughtWith("Hm"), { type: "redacted_thinking", data: "data" }],
    [
      reasoning(0),
      { type: "reasoning.delta", index: 0, delta: "Hm" },
      over(0),
      reasoning(1),
      { type: "seal", index: 1, seal: hidden },
      over(1),
    ],
  ],
  [
    "cited text",
    [
      open(0, { ...emptyText, citations: [] }),
      delta(0, { type: "text_delta", text: "So it " }),
      delta(0, { type: "citations_delta", citation: page }),
      delta(0, { type: "citations_delta", citation: place }),
      delta(0, { type: "text_delta", text: "is" }),
      close(0),
      open(1, { ...emptyText, citations: null }),
      delta(1, { type: "text_delta", text: "." }),
      close(1),
    ],
    [
      { type: "text", text: "So it is", citations: [page, place] },
      { type: "text", text: ".", citations: null },
    ],
    [
      message(0),
      { type: "text.delta", index: 0, delta: "So it is" },
      {
        type: "annotation",
        index: 0,
        annotation: {
          type: "url_citation",
          url: "https://e.x",
          title: "T",
          citedText: "w",
          encryptedIndex: "secret",
          startIndex: 0,
          endIndex: 8,
        },
      },
      { type: "annotation", index: 0, annotation: { type: "opaque", wire: "messages", value: place } },
      over(0),
      message(1),
      { type: "text.delta", index: 1, delta: "." },
    ],
  ],
  [
    "a tool that the backend ran",
    [
      open(0, { ...search, input: {} }),
      delta(0, { type: "input_json_delta", partial_json: "" }),
      delta(0, { type: "input_json_delta", partial_json: '{"query":' }),
      delta(0, { type: "input_json_delta", partial_json: '"x"}' }),
      close(0),
      open(1, found),
      close(1),
    ],
    [search, found],
    [opaque(0, search, "srv_1"), over(0), opaque(1, found), over(1)],
  ],
  [
    "a block of a kind it does not know, whose text grows",
    [
      open(0, { type: "compaction", content: "Once " }),
      delta(0, { type: "compaction_delta", content: "upon", final: true }),
      close(0),
    ],
    [{ type: "compaction", content: "Once upon", final: true }],
    [opaque(0, { type: "compaction", content: "Once upon", final: true }), over(0)],
  ],
];

function emptyThoughtWith(thinking: string): JsonObject {
  return { ...emptyThought, thinking };
}

/** Neighbouring deltas of one text as one. */
function joined(events: readonly AnswerEvent[]): AnswerEvent[] {
  const out: AnswerEvent[] = [];
  for (const event of events) {
    const last = out.at(-1);
    if (event.type === "text.delta" && last?.type === "text.delta" && last.index === event.index) {
      out.splice(-1, 1, { ...last, delta: last.delta + event.delta });
    } else out.push(event);
  }
  return out;
}

describe("an answer", () => {
  test.each(answers)("with %s is read alike, streamed and whole", (_name, stream, content, events) => {
    expect(joined(streamed(...stream))).toEqual(events);
    expect(whole(...content)).toEqual(events);
  });

  test("whose last block never stops is read to its end", () => {
    expect(streamed(open(0, emptyThought), delta(0, { type: "signature_delta", signature: "sig" }))).toEqual([
      reasoning(0),
      { type: "seal", index: 0, seal: signed },
      over(0),
    ]);
    expect(streamed(open(0, found))).toEqual([opaque(0, found), over(0)]);
  });

  test("whose signature comes when its thought is over has nothing to put it under", () => {
    const events = streamed(
      open(0, emptyThought),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      open(1, { type: "tool_use", id: "t", name: "f" }),
      delta(0, { type: "signature_delta", signature: "late" }),
      close(0),
      close(1),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "item.start",
      "reasoning.delta",
      "item.end",
      "item.start",
      "arguments.delta",
    ]);
  });

  const text = (words: string): JsonObject => ({ type: "text", text: words });
  const use = (id: string): JsonObject => ({ type: "tool_use", id, name: "f", input: { a: 1 } });
  const contents: readonly [name: string, content: JsonObject[], ended: number[]][] = [
    ["a text", [text("Once")], []],
    ["the second of two texts", [text("Once"), text("upon")], [0]],
    ["a text after a call", [use("a"), text("Once")], [0]],
    ["an unsigned thought", [text("Once"), { type: "thinking", thinking: "Hm" }], [0]],
    ["a call", [text("Once"), use("a")], [0]],
    ["the second of two calls", [use("a"), use("b")], [0]],
    ["nothing, behind what the backend ran", [text("Once"), search, found], [0, 1, 2]],
  ];

  test.each(contents)("leaves %s open to its end, which says whether it is whole", (_name, content, ended) => {
    const frames = content.flatMap((block, index) => [open(index, block), close(index)]);
    for (const events of [streamed(...frames), whole(...content)]) {
      expect(events.flatMap((event) => (event.type === "item.end" ? [event.index] : []))).toEqual(ended);
    }
  });

  test("ends a text that has stopped where the next has the same number", () => {
    const events = streamed(open(0, text("a")), close(0), open(0, text("b")), close(0));
    expect(events).toEqual([
      message(0),
      { type: "text.delta", index: 0, delta: "a" },
      over(0),
      message(1),
      { type: "text.delta", index: 1, delta: "b" },
    ]);
  });

  const reasons = [
    ["end_turn", "stop"],
    ["stop_sequence", "stop_sequence"],
    ["max_tokens", "length"],
    ["tool_use", "tool_calls"],
    ["refusal", "refusal"],
    ["pause_turn", "pause"],
    ["compaction", "pause"],
    ["model_context_window_exceeded", "context_window"],
    ["brand_new", "stop"],
  ] as const;

  test.each(reasons)("that stops for %s finishes with %s", (stop_reason, reason) => {
    const last = { stop_reason, stop_sequence: stop_reason === "stop_sequence" ? "END" : null };
    const expected = { type: "finish", reason, ...(reason === "stop_sequence" ? { stopSequence: "END" } : {}) };
    const stream = namedFrames(start, { type: "message_delta", delta: last }, { type: "message_stop" });
    expect(readStream("messages", stream).at(-1)).toEqual(expected);
    expect(readMessagesAnswer({ ...start.message, content: [], ...last }).at(-1)).toEqual(expected);
  });
});
