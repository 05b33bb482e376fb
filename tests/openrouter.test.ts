import { type Fault, faults, ordinaryAccount } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { at, textAt } from "./harness/json.ts";
import { asked, eventually, glm, local, startRegion } from "./harness/openrouter.ts";

const greeting = "Hello from openrouter/z-ai/glm-5.";
const plain = { row: {} };

describe.each(textWires)("OpenRouter, for a client of %s", (wire) => {
  it.each([
    ["streamed", true],
    ["whole", false],
  ])("answers %s: who made it and what it cost are on the receipt", async (_, stream) => {
    const { gateway, openrouter } = await startRegion(plain);
    const reply = await gateway.say(wire, { stream });
    const said = stream ? dialects[wire].readStream(reply.events) : dialects[wire].readWhole(reply.json);
    expect([reply.status, said.text]).toEqual([200, greeting]);
    expect(reply.headers["x-headgate-model"]).toBe(glm);
    await eventually(() => expect(gateway.receipts).toHaveLength(1));
    const { usage, cost } = gateway.receipts[0] ?? {};
    expect(gateway.receipts[0]).toMatchObject({ upstream: "Z.AI", outcome: "ok", warnings: [] });
    expect(cost).toBeCloseTo(((usage?.inputTokens ?? 0) + 2 * (usage?.outputTokens ?? 0)) / 1_000_000, 12);
    const [request] = openrouter.requests;
    expect(request?.wire).toBe(wire === "messages" ? "messages" : "chat");
    expect(request?.headers).toMatchObject({ authorization: "Bearer sk-or-test" });
    expect(Object.keys(request?.headers ?? {}).filter((name) => /referer|openrouter/.test(name))).toEqual([]);
  });

  it("has its tools called", async () => {
    const { gateway, openrouter } = await startRegion(plain);
    openrouter.answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] });
    const conversation = { turns: [{ role: "user", text: "weather?" } as const], tools: ["weather"] };
    for (const stream of [true, false]) {
      const reply = await gateway.say(wire, { stream, conversation });
      const said = stream ? dialects[wire].readStream(reply.events) : dialects[wire].readWhole(reply.json);
      expect(said.calls).toMatchObject([{ name: "weather", arguments: { city: "Oslo" } }]);
    }
  });

  it("says in the receipt that another provider took over", async () => {
    const account = {
      ...ordinaryAccount(),
      endpoints: {
        "z-ai/glm-5": [
          { tag: "z-ai", provider: "Z.AI", down: true },
          { tag: "novita/fp8", provider: "Novita" },
        ],
      },
    };
    const { gateway } = await startRegion({ ...plain, account });
    await gateway.say(wire);
    expect(gateway.receipts[0]).toMatchObject({ upstream: "Novita", outcome: "ok" });
  });

  it.each([
    ["with choices", true],
    ["without any", false],
  ])("that breaks amid its answer (%s) is a broken answer, never an end", async (_, choices) => {
    const { gateway, openrouter } = await startRegion(plain);
    openrouter.fail(faults.openrouter.midStream({ choices, outputs: 1 }));
    const reply = await gateway.say(wire, { stream: true });
    expect([reply.status, reply.broken]).toEqual([200, true]);
    expect(reply.events.some((event) => dialects[wire].isTerminal(event))).toBe(false);
    expect(gateway.receipts[0]).toMatchObject({ outcome: "failed", failure: { kind: "rate_limited" } });
  });
});

/** What OpenRouter says, and what follows: the outcome of the attempt, and the client's status when nobody else answers. */
const failures: readonly (readonly [fault: Fault, outcome: string, status: number])[] = [
  [faults.openrouter.credits(), "quota_exhausted", 429],
  [faults.openrouter.unauthenticated(), "unauthenticated", 502],
  [faults.openrouter.moderation(), "content_filtered", 400],
  [faults.openrouter.guardrail(), "content_filtered", 400],
  [faults.openrouter.regionRestricted(), "policy", 400],
  [faults.openrouter.dataPolicy(), "policy", 400],
  [faults.openrouter.allowedProviders(), "policy", 400],
  [faults.openrouter.noTools(), "unsupported", 400],
  [faults.openrouter.modelNotFound(), "model_missing", 404],
  [faults.openrouter.rateLimited(), "rate_limited", 429],
  [faults.openrouter.upstreamRateLimited({ retryAfter: 30 }), "rate_limited", 429],
  [faults.openrouter.unavailable({ retryAfter: 30 }), "overloaded", 503],
  [faults.openrouter.overloaded(), "overloaded", 503],
  [faults.openrouter.contextLength(), "context_overflow", 400],
  [faults.openrouter.masked(), "bad_answer", 502],
  [faults.openrouter.errorIn200(), "bad_answer", 502],
  [faults.openrouter.choiceError(), "overloaded", 503],
  [faults.openrouter.midStream(), "rate_limited", 429],
  [faults.openrouter.midStream({ choices: false }), "rate_limited", 429],
];

describe.each(failures)("OpenRouter's %j", (fault, outcome, status) => {
  it(`is ${outcome}, a ${status} where nobody else answers`, async () => {
    const { gateway, openrouter } = await startRegion(plain);
    openrouter.fail(fault);
    const reply = await gateway.say("chat", { stream: true });
    expect(reply.status).toBe(status);
    expect(gateway.receipts[0]?.attempts.map((attempt) => attempt.outcome)).toContain(outcome);
    expect(gateway.receipts[0]).toMatchObject({ outcome: "failed", failure: { kind: outcome } });
  });
});

it("moderation says nothing against the key: the next request is asked for as usual", async () => {
  const { gateway, openrouter } = await startRegion({ ...plain, route: [glm, local] });
  openrouter.failNext(faults.openrouter.moderation());
  expect((await gateway.say("chat")).status).toBe(400);
  expect((await gateway.say("chat")).headers["x-headgate-model"]).toBe(glm);
});

it("tells a provider's words, and who said them", async () => {
  const { gateway, openrouter } = await startRegion(plain);
  openrouter.fail(faults.openrouter.upstreamRateLimited());
  const reply = await gateway.say("chat");
  expect(dialects.chat.readError(reply.json)?.message).toContain("BaseTen: z-ai/glm-5 is temporarily rate-limited");
});

it("hears the operator's own wishes and name, and none of a client's", async () => {
  const routing = { sort: "price", ignore: ["z-ai"] };
  const attribution = { url: "https://example.com", title: "Example" };
  const stack = await startRegion({ row: { routing, attribution } });
  const body = { model: glm, messages: [{ role: "user", content: "hi" }], provider: { order: ["alibaba"] } };
  const headers = { "http-referer": "https://client.example", "x-session-id": "s1", "x-provider-api-keys": "{}" };
  const reply = await stack.gateway.ask("/v1/chat/completions", { body, headers });
  expect(textAt(reply.json, "provider")).toBe("Novita");
  expect(asked(stack).map((told) => at(told, "provider"))).toEqual([routing]);
  const [request] = stack.openrouter.requests;
  expect(request?.headers).toMatchObject({
    "http-referer": "https://example.com",
    "x-openrouter-title": "Example",
    "x-session-id": "s1",
  });
  expect(request?.headers["x-provider-api-keys"]).toBeUndefined();
});

it("has hosted open-weight models in its catalog, which need no row", async () => {
  const { gateway } = await startRegion(plain);
  const ids = gateway.router.models().map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining([
      "openrouter/minimax/minimax-m2.1",
      "openrouter/moonshotai/kimi-k3",
      "openrouter/z-ai/glm-5",
    ]),
  );
  const reply = await gateway.say("chat", { model: "openrouter/moonshotai/kimi-k3" });
  expect([reply.status, gateway.receipts[0]?.upstream]).toEqual([200, "Moonshot AI"]);
});

it("is off without a key, and says which variable it may stand in", async () => {
  const { gateway } = await startRegion({ ...plain, environment: {} });
  const reply = await gateway.say("chat");
  expect(reply.status).toBe(503);
  expect(dialects.chat.readError(reply.json)?.message).toContain("OPENROUTER_API_KEY");
});
