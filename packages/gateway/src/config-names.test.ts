import { fileURLToPath } from "node:url";
import { createDirectory } from "@headgate/core";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config-file.ts";

const ofFile = (name: string) => {
  const file = fileURLToPath(new URL(`../../../tests/configs/${name}.json5`, import.meta.url));
  const { config, problems } = readConfig({ file, environment: {} });
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
