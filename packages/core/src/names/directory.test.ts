import { readFileSync } from "node:fs";
import json5 from "json5";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/parse.ts";
import { createDirectory } from "./directory.ts";

const directoryOf = (value: unknown) => createDirectory(parseConfig(value, {}).config);
const ofFile = (name: string) => {
  const file = new URL(`../../../../tests/configs/${name}.json5`, import.meta.url);
  const { config, problems } = parseConfig(json5.parse(readFileSync(file, "utf8")), {});
  expect(problems).toEqual([]);
  return createDirectory(config);
};

/** What a name means, in one line: `route: ref, ref`, or the message that it means nothing. */
function meaning(directory: ReturnType<typeof createDirectory>, name: string | undefined): string {
  const resolution = directory.resolve(name);
  if (!resolution.found) return resolution.message;
  return `${resolution.route ?? "-"}: ${resolution.refs.map((ref) => ref.text).join(", ")}`;
}

const sonnet = "anthropic/claude-sonnet-4-5";
const opus = "anthropic/claude-opus-4-6";
const minimax = "lmstudio/minimax-m2.1-gs32";

describe("the configs that must load word for word", () => {
  it.each([
    [undefined, `default: ${sonnet}, ${minimax}, ${opus}`],
    ["", `default: ${sonnet}, ${minimax}, ${opus}`],
    ["Default", `default: ${sonnet}, ${minimax}, ${opus}`],
    ["Sonnet", `default: ${sonnet}, ${minimax}, ${opus}`],
    [" sonnet ", `default: ${sonnet}, ${minimax}, ${opus}`],
    ["opus", `-: ${opus}`],
    ["minimax local", `-: ${minimax}`],
    [sonnet, `-: ${sonnet}`],
    ["minimax-m2.1-gs32", `-: ${minimax}`],
    ["lmstudio/another", "-: lmstudio/another"],
  ])("hosted first: %j is %s", (name, expected) => {
    expect(meaning(ofFile("hybrid-hosted-first"), name)).toBe(expected);
  });

  it.each([
    [undefined, `default: ${minimax}, ${sonnet}, ${opus}`],
    ["MINIMAX LOCAL", `default: ${minimax}, ${sonnet}, ${opus}`],
    ["Sonnet", `-: ${sonnet}`],
  ])("local first: %j is %s", (name, expected) => {
    expect(meaning(ofFile("local-first"), name)).toBe(expected);
  });

  it("LM Studio alone never falls to the hosted model that has an alias", () => {
    const directory = ofFile("lmstudio");
    expect(meaning(directory, "minimax")).toBe(`default: ${minimax}`);
    expect(meaning(directory, "Opus")).toBe(`-: ${opus}`);
    expect(directory.providers).toEqual(["lmstudio", "anthropic"]);
  });

  it("the OpenAI-compatible file answers to its ref and its id, and has no default", () => {
    const directory = ofFile("openai-compatible");
    expect(meaning(directory, "local/my-local-model")).toBe("-: local/my-local-model");
    expect(meaning(directory, "my-local-model")).toBe("-: local/my-local-model");
    expect(meaning(directory, undefined)).toBe(
      'The request names no model, and agents.defaults.model is not set. Name one: "local/my-local-model"?',
    );
  });

  it("are listed with aliases, routes and refs", () => {
    expect(
      ofFile("lmstudio")
        .names()
        .map(({ name, kind }) => `${kind} ${name}`),
    ).toEqual(["alias Opus", "alias Minimax", "route default", `ref ${minimax}`, `ref ${opus}`]);
  });
});

describe("a name", () => {
  const value = {
    agents: { defaults: { models: { "cloud/big": { alias: "Big" }, "cloud/small": { alias: "local" } } } },
    models: {
      providers: {
        local: { models: [{ id: "shared" }, { id: "org/own" }] },
        cloud: { models: [{ id: "shared" }, { id: "big" }] },
      },
    },
    routes: { fast: { primary: "cloud/big", fallbacks: ["local/shared", "cloud/big"], within: "eu" } },
  };
  const directory = directoryOf(value);

  it.each([
    ["an alias of a named route's primary means that route", "big", "fast: cloud/big, local/shared"],
    ["a route in any case", "FAST", "fast: cloud/big, local/shared"],
    [
      "a ref wins over an alias of its first part, and its model is verbatim",
      "local/Org/X:free ",
      "-: local/Org/X:free ",
    ],
    ["an id with a slash whose first part is no provider", "org/own", "-: local/org/own"],
  ])("%s", (_, name, expected) => {
    expect(meaning(directory, name)).toBe(expected);
  });

  it("carries the boundary of its route, through an alias too", () => {
    expect(directory.resolve("fast")).toMatchObject({ within: ["eu"], requested: "fast" });
    expect(directory.resolve("Big")).toMatchObject({ within: ["eu"], requested: "Big" });
    expect(directory.resolve("cloud/big")).not.toHaveProperty("within");
  });

  it("that several rows have as an id is not guessed", () => {
    expect(directory.resolve("shared")).toEqual({
      found: false,
      requested: "shared",
      message: 'More than one provider has the model "shared". Name one of them: "local/shared", "cloud/shared"?',
      near: ["local/shared", "cloud/shared"],
    });
  });

  it.each(["Local/shared", "nosuch/shared", "__proto__", "constructor", "__proto__/x", "toString/x", "/", "x/"])(
    "%j makes no provider",
    (name) => {
      expect(directory.resolve(name).found).toBe(false);
    },
  );

  it("that nothing has comes back with near ones, shortened", () => {
    expect(directory.resolve("fats")).toMatchObject({ found: false, near: ["fast"] });
    const long = directory.resolve("x".repeat(100_000));
    expect(long.found ? "" : long.message.length).toBeLessThan(200);
  });

  it("goes to * only when nothing else has it and * is written", () => {
    const open = directoryOf({ ...value, routes: { "*": { primary: "local/shared" }, ...value.routes } });
    expect(meaning(open, "gpt-4o")).toBe("*: local/shared");
    expect(meaning(open, "openai/gpt-4o")).toBe("*: local/shared");
    expect(meaning(open, "big")).toBe("fast: cloud/big, local/shared");
    expect(open.resolve(undefined).found).toBe(false);
    expect(open.names().map(({ name }) => name)).not.toContain("*");
  });

  it("an alias of the primary of * means its ref alone", () => {
    const open = directoryOf({ ...value, routes: { "*": { primary: "cloud/small", fallbacks: ["local/shared"] } } });
    expect(meaning(open, "local")).toBe("-: cloud/small");
  });

  it("of an id does not move to the hosted row when the local row is broken", () => {
    const providers = { local: { place: 5, models: [{ id: "shared" }] }, cloud: { models: [{ id: "shared" }] } };
    expect(directoryOf({ models: { providers } }).resolve("shared").found).toBe(false);
  });

  it("of a broken row's model is still known", () => {
    const broken = directoryOf({ models: { providers: { local: { place: 5, models: [{ id: "own" }] } } } });
    expect(meaning(broken, "own")).toBe("-: local/own");
    expect(broken.providers).toEqual(["local"]);
  });
});
