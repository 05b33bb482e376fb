import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import { checkStream } from "./grammar.ts";
import { foldAnswer } from "./pivot/fold.ts";
import { Ledger } from "./pivot/ledger.ts";
import { WireRequestError } from "./pivot/request-error.ts";
import { parseObject } from "./pivot/shape.ts";
import type { AnswerEvent, JsonObject, TextWire } from "./pivot/types.ts";
import { textWires } from "./pivot/types.ts";
import { type Content, contentOf, context, readStream, toSseEvents, writeStream } from "./testing/exchange.ts";
import { recordedAnswers, recordedSignatures } from "./testing/recorded-answers.ts";
import { recordedFaults } from "./testing/recorded-faults.ts";
import { checkRequest } from "./testing/request-grammar.ts";

const folder = new URL("./__fixtures__/", import.meta.url);

interface Recorded {
  readonly wire: TextWire;
  /** What was asked; `undefined` where it was cut short for its length, or was no JSON. */
  readonly request: JsonObject | undefined;
  readonly status: number;
  readonly stream: boolean;
  readonly body: string;
}

/** A recorded exchange: the request, a line of dashes, status, headers, an empty line, the raw body. */
function readRecorded(name: string): Recorded {
  const [request = "", reply = ""] = readFileSync(new URL(`${name}.txt`, folder), "utf8").split("\n----\n");
  const end = reply.indexOf("\n\n");
  const head = reply.slice(0, end);
  const [line = "", ...sent] = request.split("\n");
  return {
    wire: textWires.find((wire) => line.includes(`/${wire}`)) ?? "chat",
    request: parseObject(sent.join("\n")),
    status: Number(head.trim().split("\n", 1)[0]),
    stream: /content-type: text\/event-stream/i.test(head),
    body: reply.slice(end + 2),
  };
}

function readAnswer({ wire, stream, body }: Recorded): AnswerEvent[] {
  if (stream) return readStream(wire, body);
  let parsed: unknown = body.trim();
  try {
    parsed = JSON.parse(body);
  } catch {
    // Plain text is an answer of no wire.
  }
  return codecs[wire].readAnswer(parsed);
}

const names = globSync("**/*.txt", { cwd: folder }).map((file) => file.replace(/\.txt$/, ""));

describe("recorded answers of real servers", () => {
  test.each(Object.entries(recordedAnswers))("%s is read as it was meant", (name, content) => {
    const recorded = readRecorded(name);
    expect(recorded.status).toBe(200);
    const events = readAnswer(recorded);
    expect(contentOf(events)).toEqual(content);
    const seals = foldAnswer(events).items.flatMap(({ seal }) => (seal === undefined ? [] : [seal.value]));
    expect(seals).toEqual(recordedSignatures[name] === undefined ? [] : [recordedSignatures[name]]);
  });

  test.each(Object.entries(recordedFaults))("%s is read as a fault", (name, { status, message, ...labels }) => {
    const recorded = readRecorded(name);
    expect(recorded.status).toBe(status);
    const events = readAnswer(recorded);
    expect(events.at(-1)?.type).toBe("error");
    const { message: text, ...rest } = contentOf(events).fault ?? { message: "" };
    expect(text).toMatch(message);
    expect(rest).toEqual(labels);
  });

  test("all have an expectation", () => {
    expect([...names].sort()).toEqual([...Object.keys(recordedAnswers), ...Object.keys(recordedFaults)].sort());
  });

  test("name no machine and no folder", () => {
    const named = names.filter((name) =>
      /127\.0\.0\.1|localhost|\/(home|root|tmp|usr|work)\//.test(readFileSync(new URL(`${name}.txt`, folder), "utf8")),
    );
    expect(named).toEqual([]);
  });
});

const said = ({ text, reasoning, calls, reason }: Content): Content =>
  JSON.parse(JSON.stringify({ text, reasoning, calls, reason }));

/** Arguments are an object on Messages: their white space is gone. */
const compact = (content: Content): Content =>
  content.calls === undefined
    ? content
    : {
        ...content,
        calls: content.calls.map(([id, name, text]) => [id, name, JSON.stringify(JSON.parse(text))] as const),
      };

describe("recorded answers on every client wire", () => {
  const pairs = Object.entries(recordedAnswers).flatMap(([name, content]) =>
    textWires.map((wire) => [name, wire, content] as const),
  );

  test.each(pairs)("%s keeps its content on %s, streamed and whole, in that wire's grammar", (name, wire, content) => {
    const events = readAnswer(readRecorded(name));
    const request = { stream_options: { include_usage: true } };
    const stream = writeStream(wire, events, request);
    expect(checkStream(wire, toSseEvents(stream))).toEqual([]);
    expect(said(contentOf(readStream(wire, stream)))).toEqual(said(content));
    const whole = codecs[wire].readAnswer(codecs[wire].writeAnswer(events, context(request)));
    expect(said(contentOf(whole))).toEqual(said(wire === "messages" ? compact(content) : content));
  });

  const failures = Object.keys(recordedFaults).flatMap((name) => textWires.map((wire) => [name, wire] as const));

  test.each(failures)("%s is an error with its own words on %s, in a body and in a stream", (name, wire) => {
    const recorded = readRecorded(name);
    const { fault = { message: "" } } = contentOf(readAnswer(recorded));
    const body = codecs[wire].errorBody(recorded.status, fault, "req_1");
    expect(contentOf(codecs[wire].readAnswer(body)).fault?.message).toBe(fault.message);
    const stream = codecs[wire].errorEvent(recorded.status, fault, "req_1");
    expect(contentOf(readStream(wire, stream)).fault?.message).toBe(fault.message);
  });
});

const byTool = "response_format estimated: asked for by a tool that must be called";
const thought: Readonly<Record<TextWire, readonly string[]>> = {
  chat: ["messages[].reasoning_content dropped: this backend takes no reasoning back"],
  responses: ["messages[].reasoning_content dropped: reasoning that this backend has not sealed"],
  messages: ["messages[].reasoning_content dropped: reasoning goes back to its maker alone"],
};

/** What requests of the recordings lose on backends without any feature; the others lose nothing. */
const losses: Readonly<Record<string, Partial<Record<TextWire, readonly string[]>>>> = {
  "chat-bad-pattern": { messages: [byTool] },
  "chat-json-schema": { messages: [byTool] },
  // Its schema is none of an object, which is all that a tool can ask for.
  "chat-bad-schema": { messages: ["response_format changed: asked for in words"] },
  "over-vllm-chat-bad-schema": { messages: ["response_format changed: asked for in words"] },
  "chat-tool-turn": thought,
  "over-vllm-chat-tool-turn": thought,
  "chat-unknown-field": {
    chat: ["frobnicate dropped: not carried to chat"],
    responses: ["frobnicate dropped: not carried to responses"],
    messages: ["frobnicate dropped: not carried to messages"],
  },
  "messages-thinking": {
    chat: ["thinking estimated: its budget is sent as effort low"],
    responses: ["thinking estimated: responses knows efforts, no counts of tokens"],
    messages: ["temperature changed: a backend that thinks takes the default alone"],
  },
};

/** A role that no wire has, and a conversation without a word: it is for the backend to refuse the latter. */
const refused: Readonly<Record<string, string>> = { "chat-bad-role": "messages[0].role" };
const empty: Readonly<Record<string, Partial<Record<TextWire, string>>>> = {
  "chat-no-messages": { chat: "messages is empty", responses: "input is empty" },
};

describe("recorded requests on every backend wire", () => {
  const requests = [...new Set(names.filter((name) => readRecorded(name).request !== undefined))];
  const pairs = requests.flatMap((name) => textWires.map((wire) => [name, wire] as const));

  test.each(pairs)("%s goes to %s with no loss but what is expected", (name, to) => {
    const { wire: from, request = {} } = readRecorded(name);
    const ledger = new Ledger(from, to);
    const short = name.slice(name.indexOf("/") + 1);
    const translate = (): JsonObject =>
      codecs[to].writeRequest(codecs[from].readRequest(request, ledger), { model: "y" }, ledger);
    const param = refused[short];
    if (param !== undefined) {
      expect(translate).toThrow(expect.objectContaining({ name: WireRequestError.name, param }));
      return;
    }
    const fault = empty[short]?.[to];
    expect(checkRequest(to, translate())).toEqual(fault === undefined ? [] : [fault]);
    const lost = ledger.losses.map(({ field, effect, why }) => `${field} ${effect}: ${why}`);
    expect(lost).toEqual(losses[short]?.[to] ?? []);
  });
});
