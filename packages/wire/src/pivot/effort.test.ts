import { describe, expect, test } from "vitest";
import { budgetOf, effortOf, nearestEffort } from "./effort.ts";

describe("a wish for reasoning", () => {
  test.each([
    [{ effort: "low" }, "low", 2048],
    [{ budgetTokens: 1024 }, "minimal", 1024],
    [{ budgetTokens: 5000 }, "medium", 5000],
    [{ budgetTokens: 1_000_000 }, "max", 1_000_000],
    [{ budgetTokens: 0 }, "none", 0],
    [{ mode: "disabled" }, "none", undefined],
    [{ mode: "adaptive" }, undefined, undefined],
    [{ effort: "none" }, "none", undefined],
    [{ effort: "xhigh", budgetTokens: 100 }, "xhigh", 100],
  ] as const)("%j is the effort %s and the budget %s", (wish, effort, budget) => {
    expect(effortOf(wish)).toBe(effort);
    expect(budgetOf(wish)).toBe(budget);
  });

  test.each([
    ["max", ["low", "medium", "high"], "high"],
    ["minimal", ["low", "medium", "high"], "low"],
    ["medium", ["low", "medium", "high"], "medium"],
    ["high", [], undefined],
  ] as const)("%s among %j is %s", (effort, known, nearest) => {
    expect(nearestEffort(effort, known)).toBe(nearest);
  });
});
