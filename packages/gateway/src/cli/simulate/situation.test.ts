import { createDirectory, parseConfig } from "@headgate/core";
import { describe, expect, it } from "vitest";
import { readWeather } from "./situation.ts";

const { config } = parseConfig(
  {
    agents: {
      defaults: {
        model: { primary: "anthropic/sonnet", fallbacks: ["lmstudio/a=b", "lmstudio/qwen/qwen3"] },
        models: { "anthropic/sonnet": { alias: "Sonnet" }, "lmstudio/qwen/qwen3": { alias: "My Local" } },
      },
    },
    routes: { "*": { primary: "lmstudio/a=b" } },
  },
  {},
);
const refs = ["anthropic/sonnet", "lmstudio/a=b", "lmstudio/qwen/qwen3"];
const cast = { model: "default", refs, directory: createDirectory(config) };

describe("what the flags of a simulation say", () => {
  it.each([
    ["a provider", "anthropic=529", "anthropic"],
    ["a model", "lmstudio/qwen/qwen3=529", "lmstudio/qwen/qwen3"],
    ["a model with an equals sign in its name", "lmstudio/a=b=529", "lmstudio/a=b"],
    ["an alias, whatever its case", "my local=529", "lmstudio/qwen/qwen3"],
    ["the primary of a route, by its alias", "Sonnet=529", "anthropic/sonnet"],
  ])("is said of %s", (_, text, who) => {
    expect([...readWeather({ fail: [text] }, cast).failing]).toEqual([[who, { kind: "status", status: 529 }]]);
  });

  it("is said of all models of a provider that are cold, and of one with the time of its load", () => {
    expect([...readWeather({ cold: ["lmstudio", "anthropic/sonnet=2m"] }, cast).cold]).toEqual([
      ["lmstudio/a=b", 30_000],
      ["lmstudio/qwen/qwen3", 30_000],
      ["anthropic/sonnet", 120_000],
    ]);
    expect([...readWeather({ cold: ["lmstudio/a=b"] }, cast).cold]).toEqual([["lmstudio/a=b", 30_000]]);
  });

  it("is the last that was said of somebody", () => {
    const { failing } = readWeather({ fail: ["anthropic=529", "anthropic=hang"] }, cast);
    expect([...failing]).toEqual([["anthropic", { kind: "silence" }]]);
  });

  it.each([
    [{ fail: ["antropic=529"] }, 'Did you mean "anthropic"?'],
    [{ fail: ["openai=529"] }, "Its candidates: anthropic/sonnet, lmstudio/a=b, lmstudio/qwen/qwen3."],
    [{ cold: ["default"] }, '--cold default: "default" is no candidate of default'],
    [{ cold: ["lmstudio/qwen/qwen3=soon"] }, 'Did you mean "lmstudio/qwen/qwen3"'],
    [{ fail: ["anthropic=time-out"] }, 'Did you mean "timeout"'],
  ])("is refused where it means nobody, or nothing: %j", (options, said) => {
    expect(() => readWeather(options, cast)).toThrow(said);
  });
});
