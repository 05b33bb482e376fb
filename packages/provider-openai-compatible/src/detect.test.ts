import type { Ask } from "@headgate/core/provider";
import { describe, expect, it } from "vitest";
import { detect } from "./detect.ts";

const origin = "http://127.0.0.1:8080";

interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

const asker =
  (replies: Readonly<Record<string, Told>>): Ask =>
  async (url) => {
    const { pathname } = new URL(url);
    const told = Object.hasOwn(replies, pathname) ? replies[pathname] : undefined;
    const {
      status = told === undefined ? 404 : 200,
      headers = {},
      json,
      text = JSON.stringify(json) ?? "",
    } = told ?? {};
    return { status, headers, json, text };
  };

const list = (...owners: readonly string[]) => ({
  json: { object: "list", data: owners.map((owner) => ({ id: `of ${owner}`, owned_by: owner })) },
});
const llama = { headers: { server: "llama.cpp" } };
const loading = { error: { message: "Loading model", type: "unavailable_error", code: 503 } };
const wrongKey = { error: { message: "Invalid API Key", type: "authentication_error", code: 401 } };

describe("a server with a list of models is named", () => {
  it.each<[string, Record<string, Told>, { id: string; name?: string }]>([
    ["llama.cpp", { "/v1/models": { ...llama, ...list("llamacpp") } }, { id: "llamacpp", name: "llama.cpp" }],
    [
      "llama.cpp that loads",
      { "/v1/models": { ...llama, status: 503, json: loading } },
      { id: "llamacpp", name: "llama.cpp" },
    ],
    [
      "llama.cpp with a key",
      { "/v1/models": { ...llama, status: 401, json: wrongKey } },
      { id: "llamacpp", name: "llama.cpp" },
    ],
    ["Ollama", { "/v1/models": list("library"), "/": { text: "Ollama is running" } }, { id: "ollama", name: "Ollama" }],
    [
      "SGLang, which speaks some of Ollama's paths",
      { "/v1/models": list("sglang"), "/": { text: "Ollama is running" } },
      { id: "sglang", name: "SGLang" },
    ],
    ["by its address, where nobody knows it", { "/v1/models": list("me") }, { id: "local" }],
    ["the same without a model", { "/v1/models": list() }, { id: "local" }],
    ["the same with a key", { "/v1/models": { status: 401, json: wrongKey } }, { id: "local" }],
  ])("%s", async (_, replies, named) => {
    const found = await detect.recognise(origin, asker(replies));
    expect(found).toEqual({ ...named, baseUrl: `${origin}/v1`, generic: true });
  });
});

describe("what has no list of models is passed over", () => {
  it.each<[string, Record<string, Told>]>([
    ["a site", { "/v1/models": { text: "<html>" } }],
    ["nothing there", {}],
    ["a list of something else", { "/v1/models": { json: { data: [{ title: "a car" }] } } }],
    ["an error in a 200", { "/v1/models": { json: { error: "Unexpected endpoint or method." } } }],
    ["somebody else's 401", { "/v1/models": { status: 401, json: { message: "Who are you?" } } }],
    ["a 503 of another server", { "/v1/models": { status: 503, json: loading } }],
  ])("%s", async (_, replies) => {
    expect(await detect.recognise(origin, asker(replies))).toBeUndefined();
  });
});
