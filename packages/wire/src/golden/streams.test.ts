import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { checkStream } from "../grammar.ts";
import { Ledger } from "../pivot/ledger.ts";
import type { AnswerEvent, TextWire } from "../pivot/types.ts";
import { type SseEvent, SseReader } from "../sse/reader.ts";
import { context, toSseEvents } from "../testing/exchange.ts";
import { expectGolden, type GoldenCase, listCases, readCase, strayFiles } from "./golden-file.ts";
import { renderStream } from "./render-stream.ts";
import { stagesOf, toLines } from "./translate-case.ts";

const request = { stream_options: { include_usage: true } };

/** Stream by stream as the gateway does it: bytes, server-sent events, answer events, stages, the client's wire. */
function translateStream({ name, from, to }: GoldenCase, chunks: readonly Uint8Array[], ledger: Ledger): string {
  const sse = new SseReader();
  const reader = codecs[from].createReader();
  const stages = stagesOf(name, from, to);
  const writer = codecs[to].createWriter({ ...context(request), ledger });
  const write = (read: (out: AnswerEvent[]) => void): string => {
    const out: AnswerEvent[] = [];
    read(out);
    return stages
      .pass(out)
      .map((event) => writer.write(event))
      .join("");
  };
  const readAll = (events: readonly SseEvent[]): string =>
    events.map((event) => write((out) => reader.read(event, out))).join("");
  const text = chunks.map((chunk) => readAll(sse.push(chunk))).join("");
  return text + readAll(sse.end()) + write((out) => reader.end(out));
}

const bytesOf = (wire: TextWire, name: string): Uint8Array =>
  new TextEncoder().encode(readCase(wire, name, "stream") ?? "");

/** Streams that end in an error, on purpose. */
const broken: ReadonlySet<string> = new Set(["cut", "failed", "error-midstream"]);

describe("a stream", () => {
  test.each(listCases("stream"))("$name goes from $from to $to, in any chunks", (one) => {
    const bytes = bytesOf(one.from, one.name);
    const ledger = new Ledger(one.from, one.to);
    const stream = translateStream(one, [bytes], ledger);
    expectGolden(one, "stream", renderStream(one.to, stream, toLines(ledger)));
    // A block that nobody knows goes back to its own wire as it came.
    const found = checkStream(one.to, toSseEvents(stream)).filter((fault) => !fault.endsWith("unknown block hologram"));
    if (broken.has(one.name)) expect(found).not.toEqual([]);
    else expect(found).toEqual([]);
    const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    expect(translateStream(one, single, new Ledger(one.from, one.to))).toBe(stream);
  });

  test.each(listCases("stream").filter(({ from, to }) => from === to))("$name on $from is cut anywhere", (one) => {
    const bytes = bytesOf(one.from, one.name);
    const whole = JSON.stringify(toSseEvents(new TextDecoder().decode(bytes)));
    for (let cut = 1; cut < bytes.length; cut++) {
      const reader = new SseReader();
      const events = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut)), ...reader.end()];
      if (JSON.stringify(events) !== whole) expect(events, `cut at ${cut}`).toEqual(JSON.parse(whole));
    }
  });

  test("has no expectation without a case", () => {
    expect(strayFiles("stream")).toEqual([]);
  });
});
