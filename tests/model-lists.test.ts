import { describe, expect, it } from "vitest";
import { minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";
import { at, listAt } from "./harness/json.ts";
import { collect, officialClients, ways } from "./harness/official.ts";

const version = { "anthropic-version": "2023-06-01" };

describe.each(ways)("the official clients %s", (way) => {
  it("of OpenAI list and retrieve", async () => {
    const { gateway } = await startHybrid();
    const { openai } = officialClients(gateway, way);
    const models = await collect(openai.models.list());
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(["Sonnet", "default", minimax, opus]));
    for (const model of models) {
      expect(model).toMatchObject({
        object: "model",
        created: expect.any(Number),
        owned_by: expect.stringMatching(/^(?:anthropic|lmstudio)$/),
      });
    }
    expect(await openai.models.retrieve(minimax)).toMatchObject({ id: minimax, owned_by: "lmstudio" });
    expect(await openai.models.retrieve("sonnet")).toMatchObject({ id: "Sonnet" });
    await expect(openai.models.retrieve("none")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });

  it("of Anthropic list page by page, and retrieve", async () => {
    const { gateway } = await startHybrid();
    const { anthropic } = officialClients(gateway, way);
    const all = await collect(anthropic.models.list());
    const paged = await collect(anthropic.models.list({ limit: 3 }));
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(6);
    const page = await anthropic.models.list({ limit: 3 });
    expect([page.data.length, page.has_more, page.first_id]).toEqual([3, true, all[0]?.id]);
    const model = await anthropic.models.retrieve(sonnet);
    expect(model).toEqual({
      type: "model",
      id: sonnet,
      display_name: expect.stringMatching(/\w/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      max_input_tokens: 200_000,
      max_tokens: expect.any(Number),
      capabilities: null,
      lifecycle: "active",
      line: null,
      deprecated_at: null,
      retires_at: null,
    });
    await expect(anthropic.models.retrieve("none")).rejects.toMatchObject({ status: 404 });
  });
});

describe("a page of Anthropic's list", () => {
  const page = async (query: string) => {
    const { gateway } = await startHybrid();
    const all = listAt((await gateway.ask("/v1/models", { headers: version })).json, "data").map((one) =>
      at(one, "id"),
    );
    const { json } = await gateway.ask(`/v1/models?${query.replace("$2", String(all[2]))}`, { headers: version });
    const places = listAt(json, "data").map((one) => all.indexOf(at(one, "id")));
    return { places, more: at(json, "has_more"), first: at(json, "first_id"), last: at(json, "last_id"), all };
  };

  it.each<[string, readonly number[], boolean]>([
    ["limit=2", [0, 1], true],
    ["limit=2&after_id=$2", [3, 4], true],
    ["limit=1&before_id=$2", [1], true],
    ["limit=2&before_id=$2", [0, 1], false],
    ["before_id=$2", [0, 1], false],
    ["limit=1&after_id=nobody", [], false],
  ])("%s", async (query, places, more) => {
    const { all, ...seen } = await page(query);
    const [first = null, last = null] = places.length === 0 ? [] : [all[places[0] ?? 0], all[places.at(-1) ?? 0]];
    expect(seen).toEqual({ places, more, first, last });
  });

  it.each(["limit=1000", "limit=0", "limit=-1", "limit=many", "", "beta=true"])("is all of it: %s", async (query) => {
    const { places, more, all } = await page(query);
    expect([places.length, more]).toEqual([all.length, false]);
  });
});

describe("the list for everyone else", () => {
  const entry = async (id: string) => {
    const { gateway } = await startHybrid();
    return (await gateway.ask(`/v1/models/${id}`)).json;
  };

  it("has what OpenRouter's clients demand of a model, and knows what a row knows", async () => {
    expect(await entry(minimax)).toMatchObject({
      id: minimax,
      canonical_slug: minimax,
      name: expect.stringMatching(/\w/),
      context_length: 196_608,
      max_model_len: 196_608,
      architecture: { modality: "text->text", input_modalities: ["text"], output_modalities: ["text"] },
      pricing: { prompt: "0", completion: "0" },
      top_provider: { context_length: 196_608, max_completion_tokens: expect.any(Number), is_moderated: false },
      supported_parameters: expect.arrayContaining(["max_tokens"]),
      per_request_limits: null,
      default_parameters: null,
      supported_voices: null,
      links: { details: `/v1/models/${encodeURIComponent(minimax)}` },
      place: "local",
      status: "ready",
    });
  });

  it("tells prices for one token, without powers of ten, and `-1` where none is known", async () => {
    expect(at(await entry("anthropic/claude-sonnet-4-5"), "pricing")).toEqual({
      prompt: "0.000003",
      completion: "0.000015",
      input_cache_read: "0.0000003",
      input_cache_write: "0.00000375",
    });
    expect(at(await entry("anthropic/claude-haiku-5-5"), "pricing")).toEqual({ prompt: "-1", completion: "-1" });
  });

  it("says null or nothing of what is not known", async () => {
    const known = await entry("anthropic/claude-opus-4-8");
    expect(known).toMatchObject({ context_length: null, max_input_tokens: null });
    expect(known).not.toHaveProperty("max_model_len");
    expect(known).not.toHaveProperty("description");
  });

  it("says what stands behind a name", async () => {
    expect(await entry("sonnet")).toMatchObject({
      id: "Sonnet",
      display_name: "Sonnet",
      canonical_slug: sonnet,
      description: expect.stringContaining(sonnet),
    });
  });

  it("has Anthropic's fields beside OpenAI's, so that a client that reads either finds its own", async () => {
    const { gateway } = await startHybrid();
    const { json } = await gateway.ask("/v1/models?limit=1");
    const data = listAt(json, "data");
    expect(json).toMatchObject({
      object: "list",
      first_id: at(data[0], "id"),
      last_id: at(data.at(-1), "id"),
      has_more: false,
      total_count: data.length,
      links: { next: null },
    });
    for (const model of data) {
      expect(model).toMatchObject({ type: "model", object: "model", display_name: expect.any(String) });
    }
  });
});
