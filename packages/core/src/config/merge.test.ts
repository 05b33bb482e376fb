import { describe, expect, it } from "vitest";
import { mergeModels } from "./merge.ts";
import { parseConfig } from "./parse.ts";

const catalog = [
  { id: "large", name: "Large", contextWindow: 200_000, tools: true },
  { id: "small", name: "Small" },
];
const models = [{ id: "own" }, { id: "large", contextWindow: 1000, within: "eu" }];
const rows = parseConfig({ models: { providers: { acme: { models } } } }, {}).config.models.providers.get(
  "acme",
)?.models;

describe("mergeModels", () => {
  it("merge keeps the catalog, rows first and field by field on top", () => {
    expect([...mergeModels("merge", rows ?? [], catalog).values()]).toEqual([
      { id: "own" },
      { id: "large", name: "Large", contextWindow: 1000, tools: true },
      { id: "small", name: "Small" },
    ]);
  });

  it("replace uses only what is written", () => {
    expect([...mergeModels("replace", rows ?? [], catalog).values()]).toEqual([
      { id: "own" },
      { id: "large", contextWindow: 1000 },
    ]);
  });

  it("the first of two rows with one id counts", () => {
    expect(
      mergeModels(
        "merge",
        [
          { id: "a", name: "1" },
          { id: "a", name: "2" },
        ],
        [],
      ).get("a")?.name,
    ).toBe("1");
  });
});
