import type { AskReply } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import plugin from "./index.ts";

const unknownPath = { error: "Unexpected endpoint or method. (GET /api/v1/models)" };

async function discover(pages: Record<string, unknown>, wanted: readonly string[] = [], status = 200) {
  const asked: string[] = [];
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234/v1" });
  const models = await provider.models?.(async (url, init): Promise<AskReply> => {
    asked.push(`${init?.method ?? "GET"} ${new URL(url).pathname}`);
    const json = pages[new URL(url).pathname] ?? unknownPath;
    return { status, headers: {}, json, text: "" };
  }, wanted);
  return { asked, models };
}

const qwen = {
  type: "llm",
  publisher: "qwen",
  key: "qwen/qwen3-8b",
  display_name: "Qwen3 8B",
  loaded_instances: [
    { id: "qwen/qwen3-8b", config: { context_length: 8192, parallel: 4 }, remaining_ttl_seconds: 3600 },
  ],
  max_context_length: 40960,
  capabilities: {
    vision: false,
    trained_for_tool_use: true,
    reasoning: { allowed_options: ["off", "on"], default: "on" },
  },
  variants: ["qwen/qwen3-8b@q4_k_m", "qwen/qwen3-8b@q8_0"],
};

const loaded = {
  name: "Qwen3 8B",
  ownedBy: "qwen",
  input: ["text"],
  tools: true,
  reasoning: true,
  contextWindow: 8192,
  state: "loaded",
};

describe("LM Studio's models", () => {
  test("come from /api/v1/models, and nothing else is asked", async () => {
    const { asked, models } = await discover({ "/api/v1/models": { models: [qwen] } });
    expect(asked).toEqual(["GET /api/v1/models"]);
    expect(models).toEqual([{ id: "qwen/qwen3-8b", ...loaded }]);
  });

  test.each([
    ["8B", 4, { parameters: 8e9, bitsPerWeight: 4 }],
    ["1.5B", 2.5, { parameters: 1.5e9, bitsPerWeight: 2.5 }],
    ["30B-A3B", 8, { parameters: 30e9, bitsPerWeight: 8 }],
    [null, undefined, {}],
    ["many", 0, {}],
    ["0B", "4", {}],
  ])("of the size %j at %j bits say so", async (size, bits, facts) => {
    const row = { ...qwen, params_string: size, quantization: bits === undefined ? null : { bits_per_weight: bits } };
    const variant = "qwen/qwen3-8b@q8_0";
    const { models } = await discover({ "/api/v1/models": { models: [row] } }, [variant]);
    const { parameters } = facts as { parameters?: number };
    expect(models).toEqual([
      { id: "qwen/qwen3-8b", ...loaded, ...facts },
      // Another variant has as many weights, and other bits.
      { id: variant, ...loaded, ...(parameters !== undefined && { parameters }) },
    ]);
  });

  test("that are not loaded have the largest window they may get", async () => {
    const { models } = await discover({ "/api/v1/models": { models: [{ ...qwen, loaded_instances: [] }] } });
    expect(models).toEqual([{ id: "qwen/qwen3-8b", ...loaded, contextWindow: 40960, state: "not-loaded" }]);
  });

  test("loaded twice answer to each instance's name, and the key has the smaller window", async () => {
    const second = { id: "qwen/qwen3-8b:2", config: { context_length: 4096 } };
    const { models } = await discover({
      "/api/v1/models": { models: [{ ...qwen, loaded_instances: [...qwen.loaded_instances, second] }] },
    });
    expect(models?.map(({ id, contextWindow }) => [id, contextWindow])).toEqual([
      ["qwen/qwen3-8b", 4096],
      ["qwen/qwen3-8b:2", 4096],
    ]);
  });

  test("configured by a variant are found by it", async () => {
    const { models } = await discover({ "/api/v1/models": { models: [qwen] } }, ["qwen/qwen3-8b@q8_0", "other"]);
    expect(models?.map((model) => model.id)).toEqual(["qwen/qwen3-8b", "qwen/qwen3-8b@q8_0"]);
  });

  test("with eyes take images; without training for tools nothing is claimed", async () => {
    const row = { ...qwen, capabilities: { vision: true, trained_for_tool_use: false } };
    const { models } = await discover({ "/api/v1/models": { models: [row] } });
    expect(models?.[0]).toMatchObject({ input: ["text", "image"] });
    expect(models?.[0]).not.toHaveProperty("tools");
    expect(models?.[0]).not.toHaveProperty("reasoning");
  });

  test("leave out embeddings and rows that are none", async () => {
    const rows = [
      null,
      1,
      {},
      { key: "" },
      { type: "embedding", key: "e", max_context_length: 1 },
      { key: "bare" },
      { key: "odd", loaded_instances: "no", variants: 3, capabilities: [] },
    ];
    const { models } = await discover({ "/api/v1/models": { models: rows } });
    expect(models).toEqual([
      { id: "bare", state: "not-loaded" },
      { id: "odd", state: "not-loaded" },
    ]);
  });

  test("of 0.3 come from /api/v0/models", async () => {
    const { asked, models } = await discover({
      "/api/v0/models": {
        data: [
          {
            id: "a",
            type: "llm",
            publisher: "p",
            state: "loaded",
            max_context_length: 40960,
            loaded_context_length: 8192,
            capabilities: ["tool_use"],
          },
          { id: "b", type: "vlm", state: "not-loaded", max_context_length: 4096 },
          { id: "c", type: "embeddings", state: "loaded" },
        ],
      },
    });
    expect(asked).toEqual(["GET /api/v1/models", "GET /api/v0/models"]);
    expect(models).toEqual([
      { id: "a", ownedBy: "p", input: ["text"], tools: true, contextWindow: 8192, state: "loaded" },
      { id: "b", input: ["text", "image"], contextWindow: 4096, state: "not-loaded" },
    ]);
  });

  test("of older builds come from /v1/models", async () => {
    const { asked, models } = await discover({ "/v1/models": { data: [{ id: "a", owned_by: "organization_owner" }] } });
    expect(asked).toEqual(["GET /api/v1/models", "GET /api/v0/models", "GET /v1/models"]);
    expect(models).toEqual([{ id: "a", ownedBy: "organization_owner" }]);
  });

  test("behind a token are an error in plain words", async () => {
    await expect(discover({}, [], 401)).rejects.toThrow(/no model list at .*\/v1\/models: /);
  });
});
