import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SseEvent, SseReader, SseTooLargeError } from "./reader.ts";
import { formatSse } from "./writer.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function readAll(chunks: readonly Uint8Array[]): SseEvent[] {
  const reader = new SseReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

const cases: readonly [name: string, text: string, events: readonly SseEvent[]][] = [
  ["one frame", "data: a\n\n", [{ event: "", data: "a" }]],
  [
    "several frames",
    "data: a\n\ndata: b\n\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  [
    "an event's name",
    "event: ping\ndata: {}\n\ndata: x\n\n",
    [
      { event: "ping", data: "{}" },
      { event: "", data: "x" },
    ],
  ],
  ["CRLF", "event: a\r\ndata: b\r\n\r\n", [{ event: "a", data: "b" }]],
  [
    "CR alone",
    "event: a\rdata: b\r\rdata: c\r\r",
    [
      { event: "a", data: "b" },
      { event: "", data: "c" },
    ],
  ],
  [
    "mixed line ends",
    "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
      { event: "", data: "c" },
    ],
  ],
  ["comments", ": OPENROUTER PROCESSING\n\n:\ndata: a\n: more\n\n", [{ event: "", data: "a" }]],
  ["data of several lines", "data: a\ndata:b\ndata\ndata: c\n\n", [{ event: "", data: "a\nb\n\nc" }]],
  ["only one blank after the colon is dropped", "data:  a\n\n", [{ event: "", data: " a" }]],
  ["a byte order mark", "\uFEFFdata: a\n\n", [{ event: "", data: "a" }]],
  ["lines without a colon", "event\ndata\n\n", [{ event: "", data: "" }]],
  ["unknown fields", "id: 1\nretry: 5\ndatum: x\ndata: a\n\n", [{ event: "", data: "a" }]],
  ["an event without data is none", "event: a\n\ndata: b\n\n", [{ event: "", data: "b" }]],
  [
    "a last event without its blank line",
    "data: a\n\nevent: b\ndata: c",
    [
      { event: "", data: "a" },
      { event: "b", data: "c" },
    ],
  ],
  [
    "characters of two to four bytes",
    "data: ä€𝄞\n\ndata: 日本\r\n\r\n",
    [
      { event: "", data: "ä€𝄞" },
      { event: "", data: "日本" },
    ],
  ],
  ["nothing", "", []],
];

describe("SseReader", () => {
  test.each(cases)("reads %s, in one chunk", (_name, text, events) => {
    expect(readAll([encode(text)])).toEqual(events);
  });

  test.each(cases)("reads %s, cut at every byte", (_name, text, events) => {
    const bytes = encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(readAll([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(events);
    }
    expect(readAll([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  test("gives the same events however a stream is chunked", () => {
    const piece = fc.constantFrom(
      "data: a",
      "data:",
      "event: b",
      ": c",
      "id: 1",
      "data: ü€",
      "\n",
      "\n\n",
      "\r",
      "\r\n\r\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), fc.array(fc.nat(40), { maxLength: 8 }), (pieces, cuts) => {
        const bytes = encode(pieces.join(""));
        const chunks: Uint8Array[] = [];
        let start = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(start, start + cut));
          start = Math.min(bytes.length, start + cut);
        }
        expect(readAll([...chunks, bytes.subarray(start)])).toEqual(readAll([bytes]));
      }),
      { numRuns: 400 },
    );
  });

  test("gives an event as soon as its blank line is there", () => {
    const reader = new SseReader();
    expect(reader.push(encode("data: a\n"))).toEqual([]);
    expect(reader.push(encode("\n"))).toEqual([{ event: "", data: "a" }]);
  });

  test.each([
    ["a line that never ends", ["data: ", "x".repeat(60), "x".repeat(60)]],
    ["many data lines", Array.from({ length: 30 }, () => "data: xxxxxxxxx\n")],
    ["one big event in one chunk", [`data: ${"x".repeat(200)}\n\n`]],
    ["a comment that never ends", [":", "x".repeat(200)]],
  ])("throws on %s over the bound", (_name, chunks) => {
    const reader = new SseReader({ maxEventBytes: 100 });
    expect(() => chunks.flatMap((chunk) => reader.push(encode(chunk)))).toThrow(SseTooLargeError);
  });

  test("takes any number of events under the bound", () => {
    const reader = new SseReader({ maxEventBytes: 100 });
    const chunk = encode(`: ${"c".repeat(50)}\n\ndata: ${"x".repeat(50)}\n\n`);
    for (let round = 0; round < 50; round++) expect(reader.push(chunk)).toHaveLength(1);
  });

  test("reads a huge event in small chunks in linear time", () => {
    const reader = new SseReader();
    const chunk = encode("x".repeat(1024));
    reader.push(encode("data: "));
    for (let round = 0; round < 8 * 1024; round++) reader.push(chunk);
    const [event] = reader.push(encode("\n\n"));
    expect(event?.data).toHaveLength(8 * 1024 * 1024);
  });
});

describe("formatSse", () => {
  test.each([
    ["", "a", "data: a\n\n"],
    ["ping", "{}", "event: ping\ndata: {}\n\n"],
    ["", "a\nb", "data: a\ndata: b\n\n"],
  ])("writes event %j with data %j", (event, data, text) => {
    expect(formatSse(event, data)).toBe(text);
    expect(readAll([encode(text)])).toEqual([{ event, data }]);
  });
});
