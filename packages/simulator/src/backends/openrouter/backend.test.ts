import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faults, ordinaryAccount, type SimOpenRouter, type Simulator, startSimulator } from "../../index.ts";
import { toObject, toObjects } from "../../json.ts";
import { bodyOf, eventsOf, pathOf, post } from "../../testing/post.ts";

const model = "z-ai/glm-5";
let account: SimOpenRouter;
let simulator: Simulator;
beforeEach(async () => {
  account = ordinaryAccount();
  simulator = await startSimulator({ kind: "openrouter", openrouter: account });
});
afterEach(() => simulator.close());

const get = async (path: string) => {
  const reply = await fetch(simulator.baseUrl + path);
  return { status: reply.status, json: toObject(await reply.json()) };
};
const say = async (provider?: object, stream = false, more: object = {}) => {
  const seen = await post(simulator, pathOf.chat, { ...bodyOf("openrouter", "chat", stream), provider, ...more }).seen;
  return { ...seen, json: stream ? {} : toObject(JSON.parse(seen.text)) };
};

describe("the lists", () => {
  it("name providers with and without countries", async () => {
    const { json } = await get("/providers");
    const rows = toObjects(json.data);
    expect(rows.find(({ slug }) => slug === "openai")).toMatchObject({ headquarters: "US", datacenters: null });
    expect(rows.find(({ slug }) => slug === "z-ai")).toMatchObject({ headquarters: null, datacenters: null });
    expect(rows.find(({ slug }) => slug === "alibaba")).toMatchObject({ datacenters: ["SG", "CN"] });
  });

  it("name a model's endpoints by tags of one to three segments", async () => {
    const { json } = await get(`/models/${model}/endpoints`);
    const tags = toObjects(toObject(json.data).endpoints).map(({ tag }) => String(tag));
    expect(new Set(tags.map((tag) => tag.split("/").length))).toEqual(new Set([1, 2, 3]));
    expect(await get("/models/acme/none/endpoints")).toMatchObject({ status: 404, json: { error: { code: 404 } } });
  });
});

describe("routing", () => {
  it.each<[string, object, string]>([
    ["nothing asked", {}, "Z.AI"],
    ["only, by a full tag", { only: ["parasail/fp8"] }, "Parasail"],
    ["only, by a slug", { only: ["google-vertex"] }, "Google"],
    ["order", { order: ["mistral", "baseten"] }, "Mistral"],
    ["ignore", { ignore: ["z-ai", "novita"] }, "DeepInfra"],
  ])("%s", async (_, provider, served) => {
    expect((await say(provider)).json.provider).toBe(served);
  });

  it("never means a tier by a slug", async () => {
    expect((await say({ only: ["google-vertex"] }, false, { model: "openai/gpt-5.5" })).status).toBe(404);
    const named = await say({ only: ["openai/priority"] }, false, { model: "openai/gpt-5.5" });
    expect(named.json.provider).toBe("OpenAI");
  });

  it("falls back to another provider, and says who answered, unless it must not", async () => {
    account.endpoints = {
      [model]: [
        { tag: "z-ai/fp8", provider: "Z.AI", down: true },
        { tag: "parasail/fp8", provider: "Parasail" },
      ],
    };
    expect((await say()).json.provider).toBe("Parasail");
    expect(await say({ allow_fallbacks: false })).toMatchObject({ status: 502, json: { error: { code: 502 } } });
  });

  it("has none left: 404 in the words of the API", async () => {
    const { status, json } = await say({ only: ["nobody"] });
    expect([status, toObject(json.error).message]).toEqual([
      404,
      expect.stringMatching(
        /^No allowed providers are available for the selected model\. Providers serving z-ai\/glm-5:/,
      ),
    ]);
    account.endpoints = { [model]: [{ tag: "z-ai", provider: "Z.AI", zdr: false }] };
    expect(toObject((await say({ zdr: true })).json.error).message).toMatch(
      /^No endpoints found matching your data policy/,
    );
  });
});

describe("an answer", () => {
  it("says in every chunk who makes it, among comments, and what it costs at the end", async () => {
    const { text, headers } = await say(undefined, true);
    expect(text.startsWith(": OPENROUTER PROCESSING\n\n")).toBe(true);
    const chunks = eventsOf(text).map(({ data }) => data);
    const objects = chunks.filter((data) => typeof data === "object").map(toObject);
    expect(objects.every(({ provider, id }) => provider === "Z.AI" && id === headers["x-generation-id"])).toBe(true);
    expect(objects.at(-1)).toMatchObject({ choices: [], usage: { cost: expect.any(Number), is_byok: false } });
    expect(chunks.at(-1)).toBe("[DONE]");
  });

  it("has a record after a moment", async () => {
    const { headers } = await say({ only: ["baseten"] });
    const id = String(headers["x-generation-id"]);
    expect((await get(`/generation?id=${id}`)).status).toBe(404);
    expect((await get(`/generation?id=${id}`)).json.data).toMatchObject({
      id,
      provider_name: "BaseTen",
      provider_responses: [{ provider_name: "BaseTen", status: 200 }],
      data_region: "global",
      is_byok: false,
    });
    expect((await get("/generation?id=gen-none")).status).toBe(404);
  });

  it("names its maker on Messages too", async () => {
    const whole = await post(simulator, pathOf.messages, bodyOf("openrouter", "messages", false)).seen;
    expect(JSON.parse(whole.text)).toMatchObject({
      type: "message",
      provider: "Z.AI",
      usage: { cost: expect.any(Number) },
    });
    const { text } = await post(simulator, pathOf.messages, bodyOf("openrouter", "messages", true)).seen;
    const start = eventsOf(text).find(({ event }) => event === "message_start");
    expect(start?.data).toMatchObject({ message: { provider: "Z.AI" } });
  });

  it("breaks off with an error that has choices, or none", async () => {
    for (const choices of [true, false]) {
      simulator.failNext(faults.openrouter.midStream({ choices, outputs: 1 }));
      const { data } = eventsOf((await say(undefined, true)).text).at(-1) ?? {};
      expect(data).toMatchObject({
        provider: "Z.AI",
        error: { code: 502, metadata: { error_type: "rate_limit_exceeded" } },
      });
      expect(toObject(data).choices).toHaveLength(choices ? 1 : 0);
    }
  });
});

it("the host of a region refuses an ordinary key, and serves one that may use it", async () => {
  account.region = "europe";
  expect((await say()).status).toBe(401);
  expect((await get("/models")).status).toBe(401);
  account.business = true;
  const { status, headers } = await say();
  expect(status).toBe(200);
  account.recordDelay = 0;
  const { json } = await get(`/generation?id=${headers["x-generation-id"]}`);
  expect(json.data).toMatchObject({ data_region: "europe" });
});

it("does not keep its word when told so", async () => {
  account.strays = "Alibaba";
  expect((await say({ only: ["parasail/fp8"], allow_fallbacks: false })).json.provider).toBe("Alibaba");
});
