import { describe, expect, test } from "vitest";
import { checkStream } from "../grammar.ts";
import { Ledger } from "../pivot/ledger.ts";
import { wrapSeal } from "../pivot/seal.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Seal } from "../pivot/types.ts";
import { context, toSseEvents } from "../testing/exchange.ts";
import { writeMessagesAnswer } from "./answer.ts";
import { MessagesWriter } from "./write-stream.ts";

const item = (index: number, started: AnswerItem): AnswerEvent => ({ type: "item.start", index, item: started });
const reasoning = (index: number): AnswerEvent => item(index, { type: "reasoning" });
const over = (index: number): AnswerEvent => ({ type: "item.end", index });
const text = (index: number, delta: string): AnswerEvent => ({ type: "text.delta", index, delta });
const args = (index: number, delta: string): AnswerEvent => ({ type: "arguments.delta", index, delta });
const hm: AnswerEvent = { type: "reasoning.delta", index: 0, delta: "Hm" };
const summary = (part: number, delta: string): AnswerEvent => ({ type: "summary.delta", index: 0, part, delta });
const sealed = (seal: Seal): AnswerEvent => ({ type: "seal", index: 0, seal });
const seal = (kind: Seal["kind"], wire: Seal["wire"] = "messages"): Seal => ({
  wire,
  kind,
  value: "s",
  provider: "p",
});
const patch = (index: number): AnswerEvent => item(index, { type: "custom_call", callId: `c${index}`, name: "patch" });
const call = (index: number): AnswerEvent => item(index, { type: "function_call", callId: `c${index}`, name: "patch" });
const cite = (index: number, url: string): AnswerEvent => ({
  type: "annotation",
  index,
  annotation: { type: "url_citation", url, title: "T", citedText: "w" },
});

const refused: AnswerEvent = { type: "refusal.delta", index: 0, delta: "No." };

interface Written {
  /** Blocks as a client puts them together out of the stream. */
  readonly streamed: JsonObject[];
  readonly whole: readonly unknown[];
  readonly losses: readonly string[];
}

function write(...said: AnswerEvent[]): Written {
  const events: AnswerEvent[] = [{ type: "start" }, ...said, { type: "finish", reason: "stop" }];
  const ledger = new Ledger("responses", "messages");
  const writer = new MessagesWriter({ ...context(), ledger });
  const frames = toSseEvents(events.map((event) => writer.write(event)).join(""));
  expect(checkStream("messages", frames)).toEqual([]);
  const wholeLedger = new Ledger("responses", "messages");
  const whole = writeMessagesAnswer(events, { ...context(), ledger: wholeLedger }).content;
  expect(wholeLedger.losses).toEqual(ledger.losses);
  return {
    streamed: putTogether(frames.map(({ data }) => JSON.parse(data))),
    whole,
    losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`),
  };
}

interface Frame {
  readonly type: string;
  readonly index: number;
  readonly content_block: JsonObject;
  readonly delta: JsonObject;
}

function putTogether(frames: readonly Frame[]): JsonObject[] {
  const blocks: Record<string, unknown>[] = [];
  for (const { type, index, content_block, delta } of frames) {
    if (type === "content_block_start") blocks[index] = { ...content_block };
    const block = blocks[index];
    if (type === "content_block_delta" && block !== undefined) {
      if (delta.type === "citations_delta") block.citations = [...((block.citations as []) ?? []), delta.citation];
      else {
        const [[key, value] = ["", ""]] = Object.entries(delta).filter(([name]) => name !== "type");
        block[key] = String(block[key] ?? "") + String(value);
      }
    }
    if (type === "content_block_stop" && block?.partial_json !== undefined) {
      block.input = JSON.parse(String(block.partial_json));
      delete block.partial_json;
    }
  }
  return blocks;
}

const thinking = (thought: string, signature: string): JsonObject => ({
  type: "thinking",
  thinking: thought,
  signature,
});
const said = (words: string): JsonObject => ({ type: "text", text: words });
const use = (id: string, input: object): JsonObject => ({ type: "tool_use", id, name: "patch", input });
const citation = (url: string): JsonObject => ({
  type: "web_search_result_location",
  url,
  title: "T",
  cited_text: "w",
  encrypted_index: "",
});
const search = { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "x" } };
const found = { type: "web_search_tool_result", tool_use_id: "srv_1", content: [] };
const place = { type: "char_location", document_index: 0 };

const answers: readonly [name: string, events: AnswerEvent[], blocks: JsonObject[], losses?: string[]][] = [
  [
    "a thought and its signature, which names its maker",
    [reasoning(0), hm, sealed(seal("signature")), over(0)],
    [thinking("Hm", wrapSeal(seal("signature")))],
  ],
  ["a thought without a seal", [reasoning(0), hm, over(0)], [thinking("Hm", "")]],
  [
    "a signature alone",
    [reasoning(0), sealed(seal("signature")), over(0)],
    [thinking("", wrapSeal(seal("signature")))],
  ],
  [
    "what may not be read",
    [reasoning(0), sealed(seal("redacted")), over(0)],
    [{ type: "redacted_thinking", data: wrapSeal(seal("redacted")) }],
  ],
  [
    "encrypted reasoning alone",
    [reasoning(0), sealed(seal("encrypted", "responses")), over(0)],
    [{ type: "redacted_thinking", data: wrapSeal(seal("encrypted", "responses")) }],
  ],
  [
    "encrypted reasoning beside its summary",
    [
      reasoning(0),
      summary(0, "In "),
      summary(0, "short"),
      summary(1, "And"),
      sealed(seal("encrypted", "responses")),
      over(0),
    ],
    [thinking("In short\n\nAnd", wrapSeal(seal("encrypted", "responses")))],
  ],
  [
    "the details of a thought on chat",
    [reasoning(0), hm, sealed(seal("details", "chat")), over(0)],
    [thinking("Hm", wrapSeal(seal("details", "chat")))],
  ],
  [
    "reasoning before its summary",
    [reasoning(0), hm, summary(0, "x"), over(0)],
    [thinking("Hm", "")],
    ["dropped output[].summary"],
  ],
  [
    "a summary before its reasoning",
    [reasoning(0), summary(0, "x"), hm, over(0)],
    [thinking("x", "")],
    ["dropped output[].reasoning"],
  ],
  ["an empty thought", [reasoning(0), { ...hm, delta: "" } as AnswerEvent, summary(0, ""), over(0)], []],
  [
    "cited text",
    [
      item(0, { type: "message" }),
      text(0, "So"),
      cite(0, "https://a.x"),
      { type: "annotation", index: 0, annotation: { type: "opaque", wire: "messages", value: place } },
      text(0, " it is"),
      over(0),
    ],
    [{ ...said("So it is"), citations: [citation("https://a.x"), place] }],
  ],
  [
    "text that is cited before it is said",
    [item(0, { type: "message" }), cite(0, "https://a.x"), text(0, "So"), over(0)],
    [{ ...said("So"), citations: [citation("https://a.x")] }],
  ],
  ["a citation of nothing", [item(0, { type: "message" }), cite(0, "https://a.x"), over(0)], []],
  [
    "what other wires alone can say",
    [
      item(0, { type: "message", phase: "commentary" }),
      { type: "text.delta", index: 0, delta: "a", logprobs: [{ token: "a" }] },
      { type: "annotation", index: 0, annotation: { type: "opaque", wire: "responses", value: { type: "file_path" } } },
      over(0),
      item(1, { type: "opaque", wire: "responses", value: { type: "image_generation_call" } }),
      over(1),
      item(2, { type: "function_call", callId: "c2", name: "patch", namespace: "n" }),
    ],
    [said("a"), use("c2", {})],
    [
      "dropped output[].phase",
      "dropped output[].logprobs",
      "dropped output[].annotations",
      "dropped output[].image_generation_call",
      "dropped output[].namespace",
    ],
  ],
  [
    "a custom call, escaped as it grows",
    [patch(0), args(0, '*** "Begin"\n'), args(0, "\\ \ud83d"), args(0, "\ude00"), over(0)],
    [use("c0", { input: '*** "Begin"\n\\ 😀' })],
  ],
  ["a custom call without a word", [patch(0), over(0)], [use("c0", { input: "" })]],
  [
    "custom calls side by side",
    [patch(0), patch(1), args(1, "b\n"), args(0, "a"), over(0), args(1, "c"), { type: "item.end", index: 1 }],
    [use("c0", { input: "a" }), use("c1", { input: "b\nc" })],
  ],
  [
    "tools that the backend ran, in their place",
    [
      item(0, { type: "opaque", wire: "messages", value: search }),
      over(0),
      item(1, { type: "opaque", wire: "messages", value: found }),
      over(1),
      item(2, { type: "message" }),
      text(2, "a"),
    ],
    [search, found, said("a")],
  ],
  [
    "what waits for a call to end, in order",
    [
      patch(0),
      reasoning(1),
      { type: "reasoning.delta", index: 1, delta: "Hm" },
      { type: "seal", index: 1, seal: seal("signature") },
      over(1),
      item(2, { type: "opaque", wire: "messages", value: found }),
      over(2),
      item(3, { type: "message" }),
      text(3, "a"),
      cite(3, "https://a.x"),
      over(3),
      args(0, "x"),
      over(0),
    ],
    [
      use("c0", { input: "x" }),
      thinking("Hm", wrapSeal(seal("signature"))),
      found,
      { ...said("a"), citations: [citation("https://a.x")] },
    ],
  ],
  [
    "arguments that are no object",
    [
      call(0),
      args(0, " \n"),
      args(0, 'plain "wo'),
      args(0, 'rds"\n'),
      call(1),
      over(0),
      args(1, "[1"),
      args(1, "]"),
      over(1),
    ],
    [use("c0", { _raw: ' \nplain "words"\n' }), use("c1", { _raw: "[1]" })],
    ["changed output[].arguments"],
  ],
  [
    "arguments that are an object, behind a blank",
    [call(0), args(0, " "), args(0, ' {"a":'), args(0, "1}"), call(1), args(1, '{"b":2}'), over(1), over(0)],
    [use("c0", { a: 1 }), use("c1", { b: 2 })],
  ],
  ["a refusal", [item(0, { type: "message" }), refused], [said("No.")], ["changed output[].refusal"]],
];

describe("an answer", () => {
  test.each(answers)("with %s is written alike, streamed and whole", (_name, events, blocks, losses = []) => {
    const written = write(...events);
    expect(written.streamed).toEqual(blocks);
    expect(written.whole).toEqual(blocks);
    expect(written.losses).toEqual(losses);
  });

  test("signs a thought just before its block stops", () => {
    const writer = new MessagesWriter(context());
    const events: AnswerEvent[] = [{ type: "start" }, reasoning(0), hm, sealed(seal("signature")), over(0)];
    const frames = toSseEvents(events.map((event) => writer.write(event)).join("")).map(({ data }) => JSON.parse(data));
    expect(frames.slice(1).map(({ type, delta }) => delta?.type ?? type)).toEqual([
      "content_block_start",
      "thinking_delta",
      "signature_delta",
      "content_block_stop",
    ]);
  });

  test.each([
    ["stop", 1],
    ["length", 1],
    ["refusal", 0],
    ["content_filter", 0],
  ] as const)("with a refusal that ends with %s tells of %d changes, streamed and whole", (reason, changes) => {
    const events: AnswerEvent[] = [
      { type: "start" },
      item(0, { type: "message" }),
      refused,
      over(0),
      { type: "finish", reason },
    ];
    const [streamed, whole] = [new Ledger("chat", "messages"), new Ledger("chat", "messages")];
    const writer = new MessagesWriter({ ...context(), ledger: streamed });
    for (const event of events) writer.write(event);
    writeMessagesAnswer(events, { ...context(), ledger: whole });
    expect(streamed.losses).toHaveLength(changes);
    expect(whole.losses).toEqual(streamed.losses);
  });

  test("keeps what waits for its block alone, and says how much that is", () => {
    const writer = new MessagesWriter(context());
    const held = (event: AnswerEvent): number => {
      writer.write(event);
      return writer.held;
    };
    for (const event of [{ type: "start" }, call(0), call(1)] as const) writer.write(event);
    expect([held(args(0, "{")), held(args(1, '{"a":')), held(args(1, "1}")), held(args(0, "}"))]).toEqual([0, 5, 7, 7]);
    expect(held(over(0))).toBe(0);
  });

  test("names the stop sequence that was met", () => {
    const writer = new MessagesWriter(context());
    const finish: AnswerEvent = { type: "finish", reason: "stop_sequence", stopSequence: "END" };
    expect(writer.write(finish)).toContain('"delta":{"stop_reason":"stop_sequence","stop_sequence":"END"}');
    expect(writeMessagesAnswer([{ type: "start" }, finish], context())).toMatchObject({
      stop_reason: "stop_sequence",
      stop_sequence: "END",
    });
  });
});
