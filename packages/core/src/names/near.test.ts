import { describe, expect, it } from "vitest";
import { editDistance, nearNames } from "./near.ts";

describe("nearNames", () => {
  it.each([
    ["sonet", ["Opus", "Sonnet"], ["Sonnet"]],
    ["SONNET", ["sonnet"], ["sonnet"]],
    ["claude", ["gpt-5", "anthropic/claude-opus-4-6"], ["anthropic/claude-opus-4-6"]],
    ["baseurl", ["baseUrl", "basePath"], ["baseUrl"]],
    ["xyz", ["abc", "abcd"], []],
    ["", ["a"], []],
  ])("%j among %j means %j", (name, candidates, near) => {
    expect(nearNames(name, candidates)).toEqual(near);
  });

  it("names three at most, the nearest first", () => {
    expect(nearNames("model", ["model-long", "models", "model", "model-x", "nothing"])).toEqual([
      "model",
      "models",
      "model-x",
    ]);
  });

  it("does not compare a name of megabytes", () => {
    expect(nearNames("x".repeat(5_000_000), ["x"])).toEqual([]);
  });

  it("counts a swap of neighbours as one edit", () => {
    expect(editDistance("primray", "primary")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
  });
});
