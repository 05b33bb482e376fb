import { describe, expect, it } from "vitest";
import type { Settings } from "./harness/configs.ts";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";
import { at } from "./harness/json.ts";
import { officialClients, ways } from "./harness/official.ts";
import { startPair } from "./harness/pair.ts";
import { startStack } from "./harness/stack.ts";

const path = "/v1/messages/count_tokens";
const { headers, readError } = dialects.messages;
const messages = [{ role: "user" as const, content: "say hello to me" }];

type Asker = Pick<Awaited<ReturnType<typeof startHybrid>>["gateway"], "ask">;

const count = ({ ask }: Asker, model: string, body: object = {}, more: Readonly<Record<string, string>> = {}) =>
  ask(path, { body: { model, messages, ...body }, headers: { ...headers, ...more } });

const counted = (reply: Awaited<ReturnType<typeof count>>) => [
  reply.status,
  at(reply.json, "input_tokens"),
  reply.headers["x-headgate-estimated"] ?? null,
];

/** 15 letters and one message. */
const estimated = [200, 8, "1"];

describe.each(ways)("the official client %s", (way) => {
  it("gets the count of a backend that counts", async () => {
    const { hosted, gateway } = await startHybrid();
    const { anthropic } = officialClients(gateway, way);
    expect(await anthropic.messages.countTokens({ model: "sonnet", messages })).toEqual({ input_tokens: 4 });
    expect(await anthropic.beta.messages.countTokens({ model: "Sonnet", messages, betas: ["x-1"] })).toEqual({
      input_tokens: 4,
    });
    expect(hosted.requests).toMatchObject([
      { path, body: { model: "claude-sonnet-4-5" }, headers: { "x-api-key": "sk-ant-test" } },
      { path, body: { model: "claude-sonnet-4-5" }, headers: { "anthropic-beta": expect.stringContaining("x-1") } },
    ]);
  });

  it("gets an estimate elsewhere, and can tell", async () => {
    const { gateway } = await startHybrid();
    const { anthropic } = officialClients(gateway, way);
    const { data, response } = await anthropic.messages.countTokens({ model: minimax, messages }).withResponse();
    expect(data).toEqual({ input_tokens: 8 });
    expect(response.headers.get("x-headgate-estimated")).toBe("1");
    expect(response.headers.get("x-headgate-warnings")).toBe("estimated:input_tokens");
  });
});

describe("an exact count", () => {
  it("comes of the first candidate that counts, with headers and a receipt as for an answer", async () => {
    const { gateway } = await startHybrid({
      file: "local-first",
      settings: { "models.providers.lmstudio.place": "us", "models.providers.anthropic.place": "us" },
    });
    const reply = await count(gateway, "default");
    expect(counted(reply)).toEqual([200, 4, null]);
    const { served } = gateway.receipts[0] ?? {};
    expect(reply.headers).toMatchObject({
      "x-headgate-model": served,
      "x-headgate-requested": "default",
      "x-headgate-attempts": `${served}:ok`,
    });
    expect(gateway.receipts[0]).toMatchObject({
      wire: "messages",
      operation: "count",
      stream: false,
      outcome: "ok",
      candidates: expect.arrayContaining([expect.objectContaining({ ref: minimax, skipped: "it counts no tokens" })]),
    });
  });

  it("is asked without what a count does not take, and what the model refuses", async () => {
    const { hosted, gateway } = await startHybrid();
    const generate = { max_tokens: 9, stream: true, temperature: 1, stop_sequences: ["x"], metadata: { user_id: "u" } };
    const reply = await count(gateway, "anthropic/claude-opus-5-5", { ...generate, system: "Be brief." });
    expect(counted(reply)).toEqual([200, 6, null]);
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
    expect(hosted.requests[0]?.body).toEqual({ model: "claude-opus-5-5", messages, system: "Be brief." });
  });

  it("passes on what a backend says beside it", async () => {
    const { gateway } = await startPair();
    expect((await count(gateway, "draft")).json).toEqual({
      input_tokens: 4,
      context_management: { original_input_tokens: 4 },
    });
  });

  it("is asked for without making a server load its model", async () => {
    const { first, gateway } = await startPair();
    await count(gateway, "draft");
    expect(first.requests[0]?.path).toBe(`${path}?autoload=false`);
  });
});

describe("an estimate", () => {
  it.each<[string, string, Settings, Readonly<Record<string, string>>]>([
    ["where nobody counts", minimax, {}, {}],
    ["where the request's boundary shuts out who counts", "sonnet", {}, { "x-headgate-within": "local" }],
    ["where the config's boundary does", "sonnet", { within: ["local"] }, {}],
    ["where the boundary shuts out everyone", sonnet, {}, { "x-headgate-within": "eu" }],
    ["where the place of a count is not promised", sonnet, { "models.providers.anthropic.geo": "us" }, {}],
    ["where the model is not spoken to in messages", "first/writer", {}, {}],
  ])("%s: nobody is asked", async (_, model, settings, more) => {
    const place = { "models.providers.anthropic.place": "us" };
    const row = { baseUrl: "http://127.0.0.1:9/v1", api: "openai-completions" };
    const { hosted, local, gateway } = await startHybrid({
      settings: { ...place, "models.providers.first": row, ...settings },
    });
    const reply = await count(gateway, model, {}, more);
    expect(counted(reply)).toEqual(estimated);
    expect(reply.headers["x-headgate-attempts"]).toBeUndefined();
    expect([...hosted.requests, ...local.requests]).toEqual([]);
    expect(gateway.receipts[0]).toMatchObject({ outcome: "ok", status: 200, operation: "count" });
  });

  it.each([
    ["is overloaded", { kind: "status", status: 529 }],
    ["wants another key", { kind: "status", status: 401 }],
    ["refuses the request", { kind: "status", status: 400 }],
    ["breaks", { kind: "refuse" }],
    ["answers nonsense", { kind: "garbage" }],
    ["does not answer in time", { kind: "hang" }],
  ] as const)("where the one that counts %s, after one try", async (_, fault) => {
    const { hosted, gateway } = await startHybrid({
      settings: { "models.providers.anthropic.timeouts": { whole: "50ms" } },
    });
    hosted.fail(fault);
    const reply = await count(gateway, "sonnet");
    expect(counted(reply)).toEqual(estimated);
    expect(reply.headers["x-headgate-attempts"]).toMatch(new RegExp(`^${sonnet}:\\w+$`));
    expect(hosted.requests).toHaveLength(1);
  });

  it("where the model that would answer is on this machine, and who counts is not", async () => {
    const { hosted, local, gateway } = await startHybrid({
      file: "local-first",
      settings: { "models.providers.anthropic.place": "us" },
    });
    expect(counted(await count(gateway, "default"))).toEqual(estimated);
    expect([...hosted.requests, ...local.requests]).toEqual([]);
  });

  it("loads no model", async () => {
    const { local, gateway } = await startStack(
      { local: { kind: "lmstudio", models: [{ id: "cold", loaded: false }] } },
      ({ local: { baseUrl } }) => ({ config: { models: { providers: { lmstudio: { baseUrl } } } } }),
    );
    expect(counted(await count(gateway, "lmstudio/cold"))).toEqual(estimated);
    expect(local.requests).toEqual([]);
  });

  it("is made at once for a server that had no path to count at", async () => {
    const { server, gateway } = await startStack({ server: { kind: "openai" } }, ({ server: { baseUrl } }) => ({
      config: { models: { providers: { server: { baseUrl, models: [{ id: "gpt-4.1" }] } } } },
    }));
    for (let time = 0; time < 3; time += 1) expect(counted(await count(gateway, "server/gpt-4.1"))).toEqual(estimated);
    expect(server.requests).toHaveLength(1);
    expect(gateway.receipts[1]?.candidates[0]?.skipped).toContain("no path");
  });

  it("grows with what there is to read, and not with the bytes of a picture", async () => {
    const { gateway } = await startHybrid();
    const tokens = async (body: object) => Number(at((await count(gateway, minimax, body)).json, "input_tokens"));
    const picture = (size: number) => [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "x".repeat(size) } },
          { type: "text", text: "say hello to me" },
        ],
      },
    ];
    expect(await tokens({ system: "x".repeat(400) })).toBe(108);
    expect(await tokens({ tools: [{ name: "f", input_schema: { type: "object" } }] })).toBeGreaterThan(15);
    expect(await tokens({ messages: picture(10) })).toBe(await tokens({ messages: picture(100_000) }));
    expect(await tokens({ messages: picture(10) })).toBeGreaterThan(1000);
  });
});

describe("a count", () => {
  it("of an unknown model is 404, with near names", async () => {
    const { gateway } = await startHybrid();
    const reply = await count(gateway, "sonet");
    expect(reply.status).toBe(404);
    expect(readError(reply.json)).toMatchObject({ type: "not_found_error" });
  });

  it("of what is no conversation is 400, where nobody else could say so", async () => {
    const { gateway } = await startHybrid();
    const reply = await count(gateway, minimax, { messages: "hello" });
    expect(reply.status).toBe(400);
    expect(readError(reply.json)?.message).toContain("messages");
  });

  it("may be asked for in crowds", async () => {
    const { hosted, gateway } = await startHybrid();
    const replies = await Promise.all(Array.from({ length: 24 }, () => count(gateway, opus)));
    expect(replies.map(counted)).toEqual(replies.map(() => [200, 4, null]));
    expect(hosted.requests).toHaveLength(24);
  });
});
