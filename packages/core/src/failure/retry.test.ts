import { describe, expect, it } from "vitest";
import type { Failure, FailureKind } from "../provider/index.ts";
import { defaultRetryPolicy, waitBeforeRepeat } from "./retry.ts";
import { failureTable } from "./table.ts";

const wait = (
  failure: Partial<Failure> & { kind: FailureKind },
  state: Partial<{ repeats: number; standby: boolean; elapsed: number }> = {},
  random = 0.5,
): number | undefined =>
  waitBeforeRepeat(
    { message: "", ...failure },
    { repeats: 0, standby: false, elapsed: 0, ...state },
    defaultRetryPolicy,
    () => random,
  );

describe("asking the same candidate again", () => {
  it.each(Object.entries(failureTable).filter(([, rule]) => rule.again === "no"))("never follows %s", (kind) => {
    expect(wait({ kind: kind as FailureKind, retryAfter: 1 })).toBeUndefined();
  });

  it("follows a bad answer once, at once, whoever stands by", () => {
    for (const standby of [true, false]) {
      expect(wait({ kind: "bad_answer" }, { standby })).toBe(0);
      expect(wait({ kind: "bad_answer" }, { standby, repeats: 1 })).toBeUndefined();
    }
  });

  it("draws the back-off of an overloaded backend from the whole range, which doubles", () => {
    expect(wait({ kind: "overloaded" }, {}, 0)).toBe(0);
    expect(wait({ kind: "overloaded" }, {}, 0.5)).toBe(125);
    expect(wait({ kind: "overloaded" }, { repeats: 1 }, 0.5)).toBe(250);
  });

  it("waits at least as long as the backend asked for", () => {
    expect(wait({ kind: "overloaded", retryAfter: 3000 })).toBe(3000);
    expect(wait({ kind: "rate_limited", retryAfter: 400 })).toBe(400);
  });

  it("follows a rate limit only when the backend names the wait", () => {
    expect(wait({ kind: "rate_limited" })).toBeUndefined();
  });

  it("never keeps a waiting candidate for half a second or more, nor for a second repeat", () => {
    expect(wait({ kind: "overloaded", retryAfter: 499 }, { standby: true })).toBe(499);
    expect(wait({ kind: "overloaded", retryAfter: 500 }, { standby: true })).toBeUndefined();
    expect(wait({ kind: "overloaded" }, { standby: true, repeats: 1 })).toBeUndefined();
  });

  it("ends after two repeats or ten seconds when nobody stands by", () => {
    expect(wait({ kind: "overloaded" }, { repeats: 2 })).toBeUndefined();
    expect(wait({ kind: "overloaded", retryAfter: 9000 }, { elapsed: 1000 })).toBe(9000);
    expect(wait({ kind: "overloaded", retryAfter: 9000 }, { elapsed: 1001 })).toBeUndefined();
  });
});
