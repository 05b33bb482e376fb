import { describe, expect, it } from "vitest";
import { Cancellation } from "./cancellation.ts";

describe("Cancellation", () => {
  it("calls every listener once, in order", () => {
    const cancellation = new Cancellation();
    const calls: number[] = [];
    for (const index of [1, 2, 3]) cancellation.addEventListener("abort", () => calls.push(index));
    cancellation.abort();
    cancellation.abort();
    expect([calls, cancellation.aborted]).toEqual([[1, 2, 3], true]);
  });

  it.each([0, 1, 2])("forgets listener %i alone when it is removed", (removed) => {
    const cancellation = new Cancellation();
    const calls: number[] = [];
    const listeners = [0, 1, 2].map((index) => () => void calls.push(index));
    for (const listener of listeners) cancellation.addEventListener("abort", listener);
    cancellation.removeEventListener("abort", listeners[removed] ?? (() => {}));
    cancellation.abort();
    expect(calls).toEqual([0, 1, 2].filter((index) => index !== removed));
  });
});
