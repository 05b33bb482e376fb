import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLineBatch } from "./batch.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start() {
  const written: string[] = [];
  let flushed = 0;
  const batch = createLineBatch({
    write: (lines) => written.push(lines),
    flushSync: () => {
      flushed += 1;
    },
  });
  return { batch, written, flushed: () => flushed };
}

describe("a batch of log lines", () => {
  it("is written once the first line has waited a quarter of a second", () => {
    const { batch, written } = start();
    batch.write("a\n");
    vi.advanceTimersByTime(200);
    batch.write("b\n");
    expect(written).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(written).toEqual(["a\nb\n"]);
    batch.write("c\n");
    vi.advanceTimersByTime(250);
    expect(written).toEqual(["a\nb\n", "c\n"]);
  });

  it("is written at once when there are many lines, each once and in order", () => {
    const { batch, written } = start();
    const lines = Array.from({ length: 70 }, (_, index) => `${index}\n`);
    for (const line of lines) batch.write(line);
    expect(written.map((text) => text.split("\n").length - 1)).toEqual([32, 32]);
    vi.advanceTimersByTime(250);
    expect(written.join("")).toBe(lines.join(""));
  });

  it("is written before the program ends", () => {
    const { batch, written, flushed } = start();
    batch.write("a\n");
    batch.flush();
    batch.flush();
    vi.advanceTimersByTime(1000);
    expect([written, flushed()]).toEqual([["a\n"], 2]);
  });
});
