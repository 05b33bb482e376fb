import { type Call, CallRefused, type ModelFacts } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import plugin from "./index.ts";
import { create, glm, validate } from "./testing.ts";

const call = (more: Partial<Call> = {}): Call => ({
  operation: "generate",
  wire: "chat",
  model: glm,
  body: Object.freeze({ model: "alias", messages: [{ role: "user", content: "hi" }] }),
  stream: false,
  headers: Object.freeze({}),
  within: undefined,
  ...more,
});

test("the plugin describes itself", () => {
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "openrouter",
    auth: { header: "authorization", prefix: "Bearer ", env: "OPENROUTER_API_KEY", required: true },
  });
  const ids = plugin.catalog?.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(["minimax/minimax-m2.1", "moonshotai/kimi-k3", "z-ai/glm-5"]));
  const provider = create();
  expect(Object.entries(provider.wires)).toEqual([
    ["chat", "exact"],
    ["messages", "approximate"],
    ["embeddings", "exact"],
  ]);
  expect(provider.origins).toEqual(["https://openrouter.ai"]);
  expect(provider.request(call())).toEqual({
    url: "https://openrouter.ai/api/v1/chat/completions",
    headers: {},
    set: { model: "z-ai/glm-5" },
  });
  expect(provider.request(call({ wire: "messages" })).url).toBe("https://openrouter.ai/api/v1/messages");
});

describe("a row", () => {
  test.each<[unknown, RegExp]>([
    [{ region: "uk" }, /region is "us", "eu" or a list/],
    [{ region: ["usa"] }, /region/],
    [{ region: [] }, /region/],
    [{ inRegionHost: true }, /inRegionHost needs region/],
    [{ inRegionHost: true, region: ["us", "ca"] }, /no hosts of other regions/],
    [{ inRegionHost: true, region: "eu", baseUrl: "https://eu.openrouter.ai" }, /exclude each other/],
    [{ places: { openai: "usa" } }, /region|places|codes/],
    [{ routing: { zdr: true } }, /zdr/],
    [{ attribution: { title: "a\nb" } }, /title/],
    [{ attribution: { url: "here" } }, /url/],
    [{ provider: {} }, /provider/],
  ])("%j is refused by the name of its field", (row, words) => {
    const issues = validate(row).issues ?? [];
    expect(issues.map(({ message, path = [] }) => `${path.join(".")} ${message}`).join()).toMatch(words);
  });

  test.each<[unknown, readonly string[] | undefined, string]>([
    [{}, undefined, "https://openrouter.ai"],
    [{ region: "us" }, ["us"], "https://openrouter.ai"],
    [{ region: ["US", "ca"] }, ["us", "ca"], "https://openrouter.ai"],
    [{ region: "eu", inRegionHost: true }, ["eu"], "https://eu.openrouter.ai"],
    [{ region: ["us"], inRegionHost: true }, ["us"], "https://us.openrouter.ai"],
    [{ baseUrl: "http://127.0.0.1:9/api/v1", region: "eu" }, ["eu"], "http://127.0.0.1:9"],
  ])("%j promises %j and talks to %s", (row, within, origin) => {
    const provider = create(row);
    expect(provider.within).toEqual(within);
    expect(provider.origins).toEqual([origin]);
  });
});

describe("places", () => {
  test.each<[string, unknown, ModelFacts, readonly string[] | undefined, readonly string[]]>([
    ["no boundary", {}, glm, undefined, ["unknown"]],
    ["a boundary alone", {}, glm, ["us"], ["us"]],
    ["the Union", {}, glm, ["eu"], ["fr", "fi"]],
    ["one of its members", {}, glm, ["fr"], ["fr"]],
    ["a seat outside", {}, glm, ["fi", "fr"], ["fr"]],
    ["nobody there", {}, glm, ["jp"], ["unknown"]],
    ["this machine", {}, glm, ["local"], ["unknown"]],
    ["a region", { region: "eu" }, glm, undefined, ["fr", "fi"]],
    ["a region and a boundary inside it", { region: "eu" }, glm, ["fr"], ["fr"]],
    ["a region and another boundary", { region: "eu" }, glm, ["us"], ["unknown"]],
    ["a region and nothing read", { region: "eu" }, { id: "z-ai/glm-5" }, ["eu"], ["unknown"]],
    ["a region and nothing found", { region: "eu" }, { id: "x/y", data: { endpoints: [] } }, ["eu"], ["unknown"]],
    ["odd data", { region: "eu" }, { id: "x/y", data: "us" }, ["eu"], ["unknown"]],
    ["the operator's only", { region: "us", routing: { only: ["google-vertex"] } }, glm, ["us"], ["us"]],
    ["an only that is outside", { region: "us", routing: { only: ["mistral"] } }, glm, ["us"], ["unknown"]],
    ["the host of a region", { region: "eu", inRegionHost: true }, { id: "x/y" }, ["eu"], ["eu"]],
    ["a loopback address", { baseUrl: "http://127.0.0.1:9" }, glm, undefined, ["unknown"]],
  ])("%s", (_name, row, model, within, places) => {
    expect(create(row).places(model, within)).toEqual(places);
  });

  test("are read again on a schedule, but for the host of a region", () => {
    expect(create({ region: "eu" }).refresh).toEqual({ every: 600_000, keep: 3_600_000 });
    expect(create().refresh).toEqual({ every: 600_000, keep: 3_600_000 });
    expect(create({ region: "eu", inRegionHost: true }).refresh).toBeUndefined();
  });
});

describe("a request within a boundary", () => {
  const provider = (row: unknown, more: Partial<Call>) => create(row).request(call(more)).set?.provider;

  test("names full tags, no fallback, and nobody who collects", () => {
    expect(provider({}, { within: ["us"] })).toEqual({
      only: ["parasail/fp8", "google-vertex/us-east5"],
      allow_fallbacks: false,
      data_collection: "deny",
    });
    expect(provider({ region: "eu", zdr: true }, { within: ["eu"] })).toEqual({
      only: ["mistral/nvfp4", "nebius/fp8"],
      allow_fallbacks: false,
      data_collection: "deny",
      zdr: true,
    });
  });

  test("keeps the operator's wishes below what pins it", () => {
    const routing = { sort: "price", allow_fallbacks: true, data_collection: "allow", only: ["mistral", "parasail"] };
    expect(provider({ routing }, { within: ["eu"] })).toEqual({
      sort: "price",
      only: ["mistral/nvfp4"],
      allow_fallbacks: false,
      data_collection: "deny",
    });
    expect(provider({ routing }, {})).toEqual(routing);
  });

  test("names a tier only for whoever asks for it", () => {
    const body = { messages: [], service_tier: "flex" };
    expect(provider({}, { within: ["us"], body })).toMatchObject({
      only: ["parasail/fp8", "google-vertex/us-east5", "google-vertex/us-east5/flex"],
    });
    expect(provider({}, { within: ["us"], body: { service_tier: "fast" } })).toMatchObject({
      only: ["parasail/fp8", "google-vertex/us-east5"],
    });
  });

  test("is the same on every wire, and asks for the record of the routing", () => {
    for (const wire of ["chat", "messages", "embeddings"] as const) {
      const request = create().request(call({ wire, within: ["us"] }));
      expect(request.set?.provider).toMatchObject({ allow_fallbacks: false });
      expect(request.headers).toEqual({ "x-openrouter-metadata": "enabled" });
    }
  });

  test("leaves the choice to the host of a region", () => {
    expect(provider({ region: "eu", inRegionHost: true, zdr: true }, { within: ["eu"], model: { id: "x/y" } })).toEqual(
      {
        data_collection: "deny",
        zdr: true,
      },
    );
  });

  const refusal = (row: unknown, more: Partial<Call>) => {
    try {
      return create(row).request(call(more));
    } catch (error) {
      return CallRefused.isInstance(error) ? error.failure : error;
    }
  };

  test("is refused where nobody is inside, whatever the host has let through", () => {
    expect(refusal({}, { within: ["jp"] })).toMatchObject({ kind: "policy", message: expect.stringContaining("jp") });
    expect(refusal({ region: "eu" }, { within: ["eu"], model: { id: "z-ai/glm-5" } })).toMatchObject({
      kind: "policy",
    });
  });

  test("is not pinned where nothing was read because the row declares its place", () => {
    expect(provider({}, { within: ["us"], model: { id: "z-ai/glm-5" } })).toEqual({ data_collection: "deny" });
  });

  test.each<[Call["wire"], object]>([
    ["chat", { type: "openrouter:web_search" }],
    ["chat", { type: "openrouter:fusion" }],
    ["chat", { type: "web_search_preview" }],
    ["messages", { type: "web_search_20250305", name: "web_search" }],
    ["messages", { type: "openrouter:bash" }],
    ["messages", { type: "advisor_20260301" }],
  ])("is refused on %s with a tool that runs elsewhere: %j", (wire, tool) => {
    const body = { messages: [], tools: [{ type: "function", function: { name: "f" } }, tool] };
    const tools = wire === "messages" ? [{ name: "f", input_schema: {} }, tool] : body.tools;
    expect(refusal({}, { wire, within: ["us"], body: { ...body, tools } })).toMatchObject({ kind: "policy" });
    expect(refusal({}, { wire, body: { ...body, tools } })).toMatchObject({ url: expect.any(String) });
  });

  test("may have the client's own tools", () => {
    const tools = [
      { name: "f", input_schema: {} },
      { type: "custom", name: "g" },
      { type: "bash_20250124", name: "bash" },
    ];
    expect(refusal({}, { wire: "messages", within: ["us"], body: { tools } })).toMatchObject({
      set: expect.anything(),
    });
  });

  test.each<[string, object]>([
    ["chat", { type: "file", file: { file_data: "data:application/pdf;base64,AA" } }],
    ["messages", { type: "document", source: { type: "base64" } }],
    ["messages", { type: "tool_result", content: [{ type: "document" }] }],
  ])("has its documents read by whoever runs the model: %s %j", (wire, part) => {
    const body = { messages: [{ role: "user", content: [part] }] };
    const plugins = [{ id: "file-parser", pdf: { engine: "native" } }];
    const asked = { wire: wire as Call["wire"], body };
    expect(create().request(call({ ...asked, within: ["us"] })).set).toMatchObject({ plugins });
    expect(create().request(call(asked)).set).toEqual({ model: "z-ai/glm-5" });
  });
});

test("OpenRouter is told who asks only where the row says so", () => {
  const attribution = { url: "https://example.com", title: "Example", categories: ["cli-agent", "ide"] };
  expect(create({ attribution }).request(call()).headers).toEqual({
    "http-referer": "https://example.com",
    "x-openrouter-title": "Example",
    "x-openrouter-categories": "cli-agent,ide",
  });
  expect(create().request(call({ headers: { "x-session-id": "s" } })).headers).toEqual({ "x-session-id": "s" });
});

describe("what an answer says", () => {
  const observe = (body: object, within: readonly string[] | null = ["us"], row: unknown = {}, headers = {}) =>
    create(row).observe?.({
      wire: "chat",
      model: glm.id,
      facts: glm,
      within: within ?? undefined,
      headers,
      body: body as Call["body"],
    });

  test("of who made it, in a chunk, a message and a whole answer", () => {
    expect(observe({ id: "gen-1", model: "z-ai/glm-5", provider: "Parasail" })).toEqual({
      model: "z-ai/glm-5",
      provider: "Parasail",
      generation: "gen-1",
    });
    const message = { id: "msg_1", model: "z-ai/glm-5-20260715", provider: "Google" };
    expect(observe({ type: "message_start", message }, ["us"], {}, { "x-generation-id": "gen-2" })).toEqual({
      model: "z-ai/glm-5-20260715",
      provider: "Google",
      generation: "gen-2",
    });
    expect(observe({})).toEqual({});
  });

  test("is loud where somebody else answered, or was asked on the way", () => {
    const mismatch = "Moonshot AI was asked, which is none of the endpoints within us";
    expect(observe({ provider: "Moonshot AI" })).toMatchObject({ mismatch });
    const openrouter_metadata = { attempts: [{ provider: "Moonshot AI", status: 502 }, { provider: "Parasail" }] };
    expect(observe({ provider: "Parasail", openrouter_metadata })).toMatchObject({ mismatch });
    expect(observe({ provider: "parasail" })?.mismatch).toBeUndefined();
  });

  test("is not measured against what nobody asked for", () => {
    expect(observe({ provider: "Moonshot AI" }, null)).toEqual({ provider: "Moonshot AI" });
    const regional = { region: "us", inRegionHost: true };
    expect(observe({ provider: "Moonshot AI" }, ["us"], regional)?.mismatch).toBeUndefined();
  });

  test("counts an own key as a way out, unless the operator knows better", () => {
    const body = { provider: "Parasail", usage: { is_byok: true } };
    expect(observe(body)).toMatchObject({ mismatch: expect.stringContaining("key of your own") });
    expect(observe(body, ["us"], { ownKeys: true })?.mismatch).toBeUndefined();
  });

  test.each([
    ["z-ai/glm-5:nitro", "z-ai/glm-5", undefined],
    ["openrouter/auto", "openai/gpt-5.5", undefined],
    ["~anthropic/claude-opus-latest", "anthropic/claude-opus-5-5", undefined],
    ["z-ai/glm-5", "openai/gpt-5.5", "asked for z-ai/glm-5, openai/gpt-5.5 answered"],
  ])("of a model: asked %s, served %s", (model, served, warning) => {
    const seen = create().observe?.({ wire: "chat", model, headers: {}, body: { model: served } });
    expect(seen?.warning).toBe(warning);
  });
});
