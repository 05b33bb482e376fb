import type { Ask, AskReply } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { create, glm } from "./testing.ts";

/** A backend that answers look-ups by path. */
const asks = (replies: Readonly<Record<string, Partial<AskReply>>>): Ask & { readonly asked: string[] } => {
  const asked: string[] = [];
  const ask: Ask = async (url) => {
    const path = url.replace(/^https:\/\/[^/]+\/api\/v1/, "");
    asked.push(path);
    const reply = replies[path] ?? { status: 404, json: { error: { code: 404, message: "none" } } };
    return { status: 200, headers: {}, json: undefined, text: "", ...reply };
  };
  return Object.assign(ask, { asked });
};

describe("discovery", () => {
  const lists = {
    "/models": {
      json: {
        data: [
          {
            id: "z-ai/glm-5",
            name: "GLM 5",
            context_length: 200_000,
            top_provider: { max_completion_tokens: 131_072 },
            architecture: { input_modalities: ["text", "image", "video"] },
            supported_parameters: ["tools", "max_tokens"],
            pricing: { prompt: "0.0000006", completion: "0.0000022", input_cache_read: "0.00000011" },
          },
          { id: "openrouter/auto", pricing: { prompt: "-1", completion: "-1" } },
        ],
      },
    },
    "/providers": { json: { data: [{ slug: "parasail", headquarters: "US", datacenters: ["US"] }] } },
    "/models/z-ai/glm-5/endpoints": {
      json: { data: { endpoints: [{ tag: "parasail/fp8", provider_name: "Parasail" }] } },
    },
  };

  test("reads windows, prices and abilities, and of what is wanted the endpoints", async () => {
    const ask = asks(lists);
    const wanted = ["z-ai/glm-5", "z-ai/glm-5:nitro", "openrouter/auto"];
    const [found, auto, nitro] = (await create({ region: "us" }).models?.(ask, wanted)) ?? [];
    const data = { endpoints: [{ tag: "parasail/fp8", provider: "Parasail", seat: "us", places: ["us"] }] };
    expect(found).toEqual({
      id: "z-ai/glm-5",
      name: "GLM 5",
      contextWindow: 200_000,
      maxTokens: 131_072,
      input: ["text", "image"],
      tools: true,
      reasoning: false,
      cost: { input: 0.6, output: 2.2, cacheRead: 0.11 },
      data,
    });
    expect(auto).toEqual({ id: "openrouter/auto" });
    expect(nitro).toMatchObject({ id: "z-ai/glm-5:nitro", contextWindow: 200_000, data });
  });

  test.each([
    "openrouter/auto",
    "z-ai/glm-5:online",
    "~anthropic/claude-opus-latest",
    "@preset/x",
    "../credits",
    "a/..",
    "a/b/c",
    "a/b?x=1",
    "glm-5",
    "",
  ])("looks up no endpoints for what is no single model: %s", async (id) => {
    const ask = asks(lists);
    await create({ region: "us" }).models?.(ask, [id]);
    expect(ask.asked).toEqual(["/models"]);
  });

  test("asks the host of a region for its list alone", async () => {
    const ask = asks(lists);
    await create({ region: "us", inRegionHost: true }).models?.(ask, ["z-ai/glm-5"]);
    expect(ask.asked).toEqual(["/models"]);
  });

  test("goes without a model whose endpoints cannot be had, and without all only when none can", async () => {
    const broken = { status: 503 };
    const some = asks({ ...lists, "/models/a/b/endpoints": broken });
    const found = await create({ region: "us" }).models?.(some, ["a/b", "z-ai/glm-5", "c/d"]);
    expect(found?.filter(({ data }) => data !== undefined).map(({ id }) => id)).toEqual(["z-ai/glm-5"]);
    const none = asks({ ...lists, "/models/z-ai/glm-5/endpoints": broken });
    await expect(create({ region: "us" }).models?.(none, ["z-ai/glm-5"])).rejects.toThrow("503");
    await expect(create({ region: "us" }).models?.(asks({}), ["z-ai/glm-5"])).rejects.toThrow("no model list");
  });
});

describe("evidence", () => {
  const read = (data: object | undefined, row: unknown = {}, status = 200) => {
    const ask = asks({ "/generation?id=gen-1": { status, json: { data } } });
    return create(row).evidence?.({ model: glm, within: ["us"], generation: "gen-1" }, ask);
  };
  const record = {
    provider_name: "Parasail",
    provider_responses: [
      { provider_name: "Google", status: 502 },
      { provider_name: "Parasail", status: 200 },
    ],
    data_region: "global",
    is_byok: false,
    total_cost: 0.0015,
    web_search_engine: null,
  };

  test("is who answered, where, for how much", async () => {
    expect(await read(record)).toEqual({
      matches: true,
      places: ["us"],
      provider: "Parasail",
      dataRegion: "global",
      cost: 0.0015,
    });
  });

  test.each([404, 429, 500, 503])("is not there yet after a %i", async (status) => {
    expect(await read(undefined, {}, status)).toBeUndefined();
  });

  test.each([{}, { provider_name: null }, { data_region: "europe" }])("is not there yet in %j", async (data) => {
    expect(await read(data)).toBeUndefined();
    expect(await read(data, { region: "eu", inRegionHost: true })).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ["somebody else", { ...record, provider_name: "Alibaba" }, "Alibaba was asked"],
    ["somebody on the way", { ...record, provider_responses: [{ provider_name: "Alibaba" }] }, "Alibaba was asked"],
    ["an own key", { ...record, is_byok: true }, "key of your own"],
    ["an own key on the way", { ...record, provider_responses: [{ is_byok: true }] }, "key of your own"],
    ["a web search", { ...record, web_search_engine: "exa" }, "web search"],
  ])("does not match: %s", async (_name, data, reason) => {
    expect(await read(data)).toMatchObject({ matches: false, reason: expect.stringContaining(reason) });
  });

  test("of the host of a region is the region that carried it", async () => {
    const row = { region: "eu", inRegionHost: true };
    expect(await read({ ...record, data_region: "europe" }, row)).toMatchObject({ matches: true, places: ["eu"] });
    expect(await read(record, row)).toMatchObject({ matches: false, reason: "carried by the region global" });
    expect(await read({ ...record, data_region: undefined }, row)).toMatchObject({ matches: false });
  });

  test("cannot be had without a name, or against the key", async () => {
    const nameless = create().evidence?.({ model: glm, within: ["us"], generation: undefined }, asks({}));
    await expect(nameless).rejects.toThrow("generation");
    await expect(read(undefined, {}, 401)).rejects.toThrow("401");
    await expect(read(undefined)).rejects.toThrow("200");
  });
});
