import { describe, expect, test } from "vitest";
import { translateRequest } from "../golden/translate-case.ts";
import type { WireFeature } from "../pivot/features.ts";
import type { JsonObject } from "../pivot/types.ts";

const marks: ReadonlySet<WireFeature> = new Set<WireFeature>(["cache_control"]);
const user = { role: "user", content: "hi" };
const marked = { role: "user", content: [{ type: "text", text: "hi", cache_control: { type: "ephemeral" } }] };

const write = (body: JsonObject, features: ReadonlySet<WireFeature> = marks) => {
  const { body: written, ledger } = translateRequest(body, "chat", "messages", features);
  return { cache: written.cache_control, ledger: ledger.map((line) => line.split(":", 1)[0]) };
};

describe("a wish for a cache of prompts", () => {
  test.each<[string, JsonObject, unknown, string[]]>([
    ["of a key", { prompt_cache_key: "k" }, { type: "ephemeral" }, ["prompt_cache_key estimated"]],
    [
      "for a day",
      { prompt_cache_key: "k", prompt_cache_retention: "24h" },
      { type: "ephemeral", ttl: "1h" },
      ["prompt_cache_key estimated", "prompt_cache_retention estimated"],
    ],
    ["in memory", { prompt_cache_retention: "in-memory" }, { type: "ephemeral" }, ["prompt_cache_retention estimated"]],
    ["that nobody has", {}, undefined, []],
  ])("%s is a mark on the whole", (_, wish, cache, ledger) => {
    expect(write({ messages: [user], ...wish })).toEqual({ cache, ledger });
  });

  test.each<[string, JsonObject, ReadonlySet<WireFeature>]>([
    ["where the backend knows no marks", { messages: [user] }, new Set()],
    ["beside marks of the client's own", { messages: [marked] }, marks],
    [
      "beside a marked tool",
      {
        messages: [user],
        tools: [{ type: "function", function: { name: "f" }, cache_control: { type: "ephemeral" } }],
      },
      marks,
    ],
  ])("is dropped %s", (_, body, features) => {
    const { cache, ledger } = write({ ...body, prompt_cache_key: "k" }, features);
    expect(cache).toBeUndefined();
    expect(ledger).toContain("prompt_cache_key dropped");
  });
});
