import { describe, expect, test } from "vitest";
import { unwrapSeal } from "../pivot/seal.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Seal } from "../pivot/types.ts";
import { context } from "../testing/exchange.ts";
import { write } from "./testing/write.ts";
import { ResponsesWriter } from "./write-stream.ts";

const item = (index: number, item: AnswerItem): AnswerEvent => ({ type: "item.start", index, item });
const end = (index: number): AnswerEvent => ({ type: "item.end", index });
const text = (index: number, delta: string): AnswerEvent => ({ type: "text.delta", index, delta });
const summary = (index: number, part: number, delta: string): AnswerEvent => ({
  type: "summary.delta",
  index,
  part,
  delta,
});
const thought = (index: number, delta: string): AnswerEvent => ({ type: "reasoning.delta", index, delta });
const argument = (index: number, delta: string): AnswerEvent => ({ type: "arguments.delta", index, delta });
const seal: Seal = { wire: "messages", kind: "signature", value: "sig", provider: "anthropic" };
const sealed = (index: number): AnswerEvent => ({ type: "seal", index, seal });
const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } };
const token = { token: "Hi", logprob: -0.5, bytes: [72, 105], top_logprobs: [] };

/** What an event says beside its place. */
const short = ({ type, sequence_number, item_id, output_index, ...rest }: JsonObject): unknown[] => [
  String(type).replace("response.", ""),
  ...Object.values(rest),
];

const answers: readonly [name: string, events: AnswerEvent[], output: JsonObject[]][] = [
  [
    "reasoning, raw and summarised, with its seal",
    [
      item(0, { type: "reasoning" }),
      thought(0, "H"),
      summary(0, 0, "A"),
      thought(0, "m"),
      summary(0, 1, "B"),
      sealed(0),
    ],
    [
      {
        type: "reasoning",
        id: "rs_a1b2_0",
        status: "completed",
        summary: [
          { type: "summary_text", text: "A" },
          { type: "summary_text", text: "B" },
        ],
        content: [{ type: "reasoning_text", text: "Hm" }],
        encrypted_content: expect.any(String),
      },
    ],
  ],
  [
    "a seal alone",
    [item(0, { type: "reasoning", id: "rs_up" }), sealed(0), end(0)],
    [
      {
        type: "reasoning",
        id: "rs_up",
        status: "completed",
        summary: [],
        content: [],
        encrypted_content: expect.any(String),
      },
    ],
  ],
  [
    "calls of tools in groups, of both kinds, side by side",
    [
      item(0, { type: "function_call", callId: "c1", name: "f", namespace: "mcp" }),
      item(1, { type: "custom_call", callId: "c2", name: "patch", namespace: "fs" }),
      argument(1, "*** "),
      argument(0, "{}"),
      argument(1, '"End"\n'),
      end(0),
      end(1),
    ],
    [
      {
        type: "function_call",
        id: "fc_a1b2_0",
        status: "completed",
        call_id: "c1",
        name: "f",
        arguments: "{}",
        namespace: "mcp",
      },
      {
        type: "custom_tool_call",
        id: "ctc_a1b2_1",
        status: "completed",
        call_id: "c2",
        name: "patch",
        input: '*** "End"\n',
        namespace: "fs",
      },
    ],
  ],
  [
    "a custom call without text",
    [item(0, { type: "custom_call", id: "ctc_up", callId: "c", name: "patch" }), end(0)],
    [{ type: "custom_tool_call", id: "ctc_up", status: "completed", call_id: "c", name: "patch", input: "" }],
  ],
  [
    "messages with phases",
    [
      item(0, { type: "message", phase: "commentary" }),
      text(0, "Wait."),
      end(0),
      item(1, { type: "message", phase: "odd" }),
      text(1, "Done."),
    ],
    [
      {
        type: "message",
        id: "msg_a1b2_0",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Wait.", annotations: [], logprobs: [] }],
        phase: "commentary",
      },
      {
        type: "message",
        id: "msg_a1b2_1",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Done.", annotations: [], logprobs: [] }],
      },
    ],
  ],
  [
    "log probabilities, filled in where chat leaves them out",
    [
      item(0, { type: "message" }),
      { type: "text.delta", index: 0, delta: "Hi", logprobs: [token] },
      text(0, "!"),
      {
        type: "text.delta",
        index: 0,
        delta: "?",
        logprobs: [{ token: "?", logprob: -1, bytes: null, top_logprobs: [{ token: "!", logprob: -2, bytes: null }] }],
      },
    ],
    [
      {
        type: "message",
        id: "msg_a1b2_0",
        status: "completed",
        role: "assistant",
        content: [
          {
            type: "output_text",
            text: "Hi!?",
            annotations: [],
            logprobs: [
              token,
              { token: "?", logprob: -1, bytes: [], top_logprobs: [{ token: "!", logprob: -2, bytes: [] }] },
            ],
          },
        ],
      },
    ],
  ],
  [
    "what a hosted tool did, as it is",
    [
      item(0, { type: "opaque", wire: "responses", id: "ws_1", value: search }),
      end(0),
      item(1, { type: "message" }),
      text(1, "Hi"),
    ],
    [
      search,
      {
        type: "message",
        id: "msg_a1b2_1",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Hi", annotations: [], logprobs: [] }],
      },
    ],
  ],
];

describe("an answer", () => {
  test.each(answers)("of %s is written in the grammar, streamed as whole", (_name, events, output) => {
    const { violations, last, whole, losses } = write(events);
    expect(violations).toEqual([]);
    expect(whole.output).toEqual(output);
    expect(last).toEqual(whole);
    expect(losses).toEqual([]);
  });

  test("wraps a seal, so that its maker is known when it comes back", () => {
    const { whole } = write([item(0, { type: "reasoning" }), sealed(0), end(0)]);
    const [reasoning] = whole.output as JsonObject[];
    const secret = String(reasoning?.encrypted_content);
    expect(unwrapSeal(secret, { wire: "responses", kind: "encrypted" })).toEqual(seal);
  });

  test("says every part of reasoning when it opens, grows, and closes", () => {
    const { events } = write([
      item(0, { type: "reasoning" }),
      summary(0, 0, "A"),
      thought(0, "Hm"),
      summary(0, 1, "B"),
      sealed(0),
      end(0),
    ]);
    const part = (text: string): JsonObject => ({ type: "summary_text", text });
    expect(events.slice(2, -1).map(short)).toEqual([
      ["output_item.added", expect.not.objectContaining({ encrypted_content: expect.anything() })],
      ["reasoning_summary_part.added", 0, part("")],
      ["reasoning_summary_text.delta", 0, "A"],
      ["content_part.added", 0, { type: "reasoning_text", text: "" }],
      ["reasoning_text.delta", 0, "Hm"],
      ["reasoning_summary_text.done", 0, "A"],
      ["reasoning_summary_part.done", 0, part("A")],
      ["reasoning_summary_part.added", 1, part("")],
      ["reasoning_summary_text.delta", 1, "B"],
      ["reasoning_text.done", 0, "Hm"],
      ["content_part.done", 0, { type: "reasoning_text", text: "Hm" }],
      ["reasoning_summary_text.done", 1, "B"],
      ["reasoning_summary_part.done", 1, part("B")],
      ["output_item.done", expect.objectContaining({ encrypted_content: expect.any(String) })],
    ]);
  });

  test("streams a custom tool's text under its own events", () => {
    const { events } = write([
      item(0, { type: "custom_call", callId: "c", name: "patch" }),
      argument(0, "a\n"),
      end(0),
    ]);
    expect(events.slice(3, -2).map(short)).toEqual([
      ["custom_tool_call_input.delta", "a\n"],
      ["custom_tool_call_input.done", "a\n"],
    ]);
  });

  test("passes over what is empty", () => {
    const { events } = write([item(0, { type: "message" }), text(0, ""), end(0)]);
    expect(events.slice(2, -1).map(({ type }) => type)).toEqual([
      "response.output_item.added",
      "response.output_item.done",
    ]);
  });
});

describe("item ids", () => {
  test("are made anew where a backend gives one twice, or one of another form", () => {
    const { whole, violations } = write([
      item(0, { type: "message", id: "msg_x" }),
      text(0, "a"),
      end(0),
      item(1, { type: "message", id: "msg_x" }),
      text(1, "b"),
      end(1),
      item(2, { type: "opaque", wire: "responses", id: "msg_x", value: { type: "acme:thing", id: "msg_x" } }),
      end(2),
      item(3, { type: "opaque", wire: "responses", value: { type: "acme:thing" } }),
      end(3),
      item(4, { type: "custom_call", id: "fc_1", callId: "c", name: "f" }),
    ]);
    expect((whole.output as JsonObject[]).map(({ id }) => id)).toEqual([
      "msg_x",
      "msg_a1b2_1",
      "item_a1b2_2",
      "item_a1b2_3",
      "ctc_a1b2_4",
    ]);
    expect(violations).toEqual([]);
  });

  test("are made anew where one that was made is given, too", () => {
    const { whole, violations } = write([
      item(0, { type: "message", id: "msg_a1b2_1" }),
      end(0),
      item(1, { type: "message" }),
      end(1),
    ]);
    const ids = (whole.output as JsonObject[]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(violations).toEqual([]);
  });
});

describe("what another wire alone has a form for", () => {
  test("leaves no gap in the output, and is entered in the ledger", () => {
    const { whole, last, violations, losses } = write([
      item(0, { type: "opaque", wire: "messages", value: { type: "server_tool_use", id: "srv_1" } }),
      end(0),
      item(1, { type: "message" }),
      text(1, "Hi"),
      {
        type: "annotation",
        index: 1,
        annotation: { type: "opaque", wire: "messages", value: { type: "page_location" } },
      },
      end(1),
    ]);
    expect(violations).toEqual([]);
    expect(last).toEqual(whole);
    expect(whole.output).toMatchObject([{ id: "msg_a1b2_0", content: [{ text: "Hi", annotations: [] }] }]);
    expect(losses).toEqual(["dropped content[].server_tool_use", "dropped content[].citations.page_location"]);
  });
});

describe("an answer that fails", () => {
  test("ends what is open as incomplete, under its own ids", () => {
    const writer = new ResponsesWriter(context({ temperature: 0 }));
    const events: AnswerEvent[] = [
      { type: "start", id: "resp_up", model: "m", created: 5 },
      item(0, { type: "reasoning" }),
      summary(0, 0, "A"),
      item(1, { type: "custom_call", callId: "c", name: "f" }),
      argument(1, "x"),
      { type: "error", fault: { message: "boom" } },
    ];
    const last =
      events
        .map((event) => writer.write(event))
        .join("")
        .trim()
        .split("\n\n")
        .at(-1) ?? "";
    expect(JSON.parse(last.split("data: ")[1] ?? "")).toMatchObject({
      type: "response.failed",
      response: {
        id: "resp_up",
        model: "m",
        created_at: 5,
        temperature: 0,
        status: "failed",
        output: [
          { type: "reasoning", status: "incomplete", summary: [{ text: "A" }] },
          { type: "custom_tool_call", status: "incomplete", input: "x" },
        ],
      },
    });
  });
});

describe("whoever keeps responses", () => {
  const hello = [item(0, { type: "message" }), text(0, "Hi")];

  test("is given once what the client got, streamed and whole", () => {
    const { kept, last, whole } = write(hello, { temperature: 0.5 });
    expect(kept).toEqual([last, whole]);
  });

  test.each([
    [{}, true],
    [{ store: true }, true],
    [{ store: null }, true],
    [{ store: false }, false],
    [{ store: true, background: true }, true],
  ])("makes the store of %j be %j, and background false", (request, store) => {
    expect(write(hello, request).last).toMatchObject({ store, background: false });
  });

  test("is not there: nothing is stored, whatever was asked", () => {
    const writer = new ResponsesWriter(context({ store: true }));
    expect(writer.write({ type: "start" })).toContain('"store":false');
  });

  test("is not given an answer that fails", () => {
    const kept: JsonObject[] = [];
    const writer = new ResponsesWriter({ ...context(), onResponse: (response) => kept.push(response) });
    for (const event of [{ type: "start" }, ...hello] as AnswerEvent[]) writer.write(event);
    writer.write({ type: "error", fault: { message: "boom" } });
    expect(kept).toEqual([]);
  });
});
