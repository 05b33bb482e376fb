import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBatch } from "./batch.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start() {
  const handed: (readonly number[])[] = [];
  return { batch: createBatch<number>((entries) => handed.push(entries)), handed };
}

describe("a batch", () => {
  it("is handed on once the first entry has waited a quarter of a second", () => {
    const { batch, handed } = start();
    batch.add(1);
    vi.advanceTimersByTime(200);
    batch.add(2);
    expect(handed).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(handed).toEqual([[1, 2]]);
    batch.add(3);
    vi.advanceTimersByTime(250);
    expect(handed).toEqual([[1, 2], [3]]);
  });

  it("is handed on at once when it is large, each entry once and in order", () => {
    const { batch, handed } = start();
    const entries = Array.from({ length: 600 }, (_, index) => index);
    for (const entry of entries) batch.add(entry);
    expect(handed.map(({ length }) => length)).toEqual(Array.from({ length: 18 }, () => 32));
    vi.advanceTimersByTime(250);
    expect(handed.flat()).toEqual(entries);
  });

  it("is handed on when it is flushed, once", () => {
    const { batch, handed } = start();
    batch.add(1);
    batch.flush();
    batch.flush();
    vi.advanceTimersByTime(1000);
    expect(handed).toEqual([[1]]);
  });
});
