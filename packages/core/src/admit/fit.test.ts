import { describe, expect, it } from "vitest";
import { fitOf, surelyFits } from "./fit.ts";

describe("a window", () => {
  it.each([
    [750, "fits"],
    [751, "near"],
    [1250, "near"],
    [1251, "overflows"],
  ] as const)("of 1000 tokens for about %d: %s", (estimate, fit) => {
    expect(fitOf(1000, estimate)).toBe(fit);
  });

  it("that nobody knows takes everything, and a known one what cannot be too long without a look", () => {
    expect(surelyFits({ id: "m" }, 1e9)).toBe(true);
    expect(surelyFits({ id: "m", contextWindow: 1000 }, 2000)).toBe(true);
    expect(surelyFits({ id: "m", contextWindow: 1000 }, 2001)).toBe(false);
  });
});
