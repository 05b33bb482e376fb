import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClock } from "./clock.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the engine's clock", () => {
  it("calls back in order, each when it is due and not before", () => {
    const clock = createClock();
    const calls: string[] = [];
    clock.after(2000, () => calls.push("a"));
    vi.advanceTimersByTime(500);
    clock.after(2000, () => calls.push("b"));
    clock.after(100, () => calls.push("short"));
    clock.after(1200, () => calls.push("other length"));
    vi.advanceTimersByTime(1499);
    expect(calls).toEqual(["short", "other length"]);
    vi.advanceTimersByTime(2);
    expect(calls).toEqual(["short", "other length", "a"]);
    vi.advanceTimersByTime(501);
    expect(calls).toEqual(["short", "other length", "a", "b"]);
  });

  it.each([100, 5000])("never calls back what was cancelled, after %i ms", (delay) => {
    const clock = createClock();
    let calls = 0;
    const cancel = clock.after(delay, () => calls++);
    clock.after(delay, () => calls++);
    cancel();
    cancel();
    vi.advanceTimersByTime(delay * 3);
    expect(calls).toBe(1);
  });

  it("goes on with what joins while others are served", () => {
    const clock = createClock();
    const calls: number[] = [];
    const again = (): void => {
      calls.push(calls.length);
      if (calls.length < 3) clock.after(1000, again);
    };
    clock.after(1000, again);
    vi.advanceTimersByTime(3010);
    expect(calls).toEqual([0, 1, 2]);
  });

  it("starts afresh when a line has been empty", () => {
    const clock = createClock();
    const calls: string[] = [];
    clock.after(1000, () => calls.push("a"))();
    vi.advanceTimersByTime(5000);
    clock.after(1000, () => calls.push("b"));
    vi.advanceTimersByTime(1001);
    expect(calls).toEqual(["b"]);
  });
});
