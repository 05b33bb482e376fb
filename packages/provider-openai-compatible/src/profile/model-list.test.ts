import type { AskReply } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { listModels } from "./model-list.ts";

const answer = (json: unknown, status = 200) => {
  const reply: AskReply = { status, headers: {}, json, text: JSON.stringify(json) ?? "" };
  return listModels(async () => reply, "http://h/v1/models");
};

describe("a model list", () => {
  test.each<[string, unknown, unknown]>([
    [
      "vLLM's window",
      { data: [{ id: "a", max_model_len: 2048, owned_by: "vllm" }] },
      [{ id: "a", contextWindow: 2048, ownedBy: "vllm" }],
    ],
    [
      "llama.cpp's size",
      { data: [{ id: "a", meta: { n_ctx: 4096, n_params: 8_000_000_000, size: 4_800_000_000 } }] },
      [{ id: "a", contextWindow: 4096, parameters: 8_000_000_000, bitsPerWeight: 4.8 }],
    ],
    ["a LoRA without a window", { data: [{ id: "a", max_model_len: null }] }, [{ id: "a" }]],
    [
      "OpenRouter's window",
      { data: [{ id: "a/b", context_length: 1048576 }] },
      [{ id: "a/b", contextWindow: 1048576 }],
    ],
    ["a bare list", [{ id: "a" }], [{ id: "a" }]],
    ["a name for an id", { data: [{ name: "a" }] }, [{ id: "a" }]],
    [
      "duplicates, the first of which counts",
      {
        data: [
          { id: "a", max_model_len: 1 },
          { id: "a", max_model_len: 2 },
        ],
      },
      [{ id: "a", contextWindow: 1 }],
    ],
    ["rows that are none", { data: [null, 3, "x", [], {}, { id: "" }, { id: 7 }, { id: "a" }] }, [{ id: "a" }]],
    ["windows that are none", { data: [{ id: "a", max_model_len: -1, context_length: "many" }] }, [{ id: "a" }]],
    ["Ollama without models", { object: "list", data: null }, []],
    ["no list", { hello: 1 }, []],
  ])("with %s is read", async (_, json, facts) => {
    expect(await answer(json)).toEqual(facts);
  });

  test.each<[string, unknown, number, RegExp]>([
    ["no JSON", undefined, 200, /not JSON/],
    ["JSON that is no object", "hello", 200, /not JSON/],
    ["a status", { error: { message: "Invalid API Key" } }, 401, /Invalid API Key/],
    ["an error inside a 200", { error: "Unexpected endpoint or method. (GET /models)" }, 200, /Unexpected endpoint/],
  ])("that is %s is an error in plain words", async (_, json, status, words) => {
    await expect(answer(json, status)).rejects.toThrow(words);
  });
});
