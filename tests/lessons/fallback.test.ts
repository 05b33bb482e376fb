import { TransportError } from "@headgate/core";
import type { Fault } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { undiciTransport } from "../../packages/gateway/src/transport/undici.ts";
import { upstreams } from "../harness/backends.ts";
import { dialects } from "../harness/dialects/index.ts";
import { hello } from "../harness/gateway.ts";
import { first, second, startHouseOfTwo } from "../harness/house-of-two.ts";
import { minimax, sonnet, startHybrid } from "../harness/hybrid.ts";
import { startPair } from "../harness/pair.ts";
import { forms } from "../harness/reserve.ts";
import { startStack } from "../harness/stack.ts";
import { operations } from "./outward.ts";

/** All that are answered by a model, or not at all: a count is estimated where nobody gives one. */
const answered = operations.filter(({ path }) => !path.endsWith("count_tokens"));

const broken: Fault = { kind: "status", status: 500 };

describe("a request beside the main one gives up by a clock of its own", () => {
  it.each(answered)("does not happen at $path: the row's own clock alone ends it", async ({ path, body }) => {
    const { one, gateway, clock } = await startHouseOfTwo({ row: { timeouts: { whole: "300s" } } });
    one.fail({ kind: "hang" });
    const asked = gateway.ask(path, { body: { ...body, model: first } });
    await one.waitFor((request) => request.method === "POST");
    await clock.pass(299_999);
    expect(gateway.receipts).toEqual([]);
    await clock.pass(1);
    expect((await asked).status).toBe(504);
    expect(gateway.receipts[0]?.attempts).toMatchObject([{ outcome: "timeout", clock: "whole", duration: 300_000 }]);
  });
});

describe("an unknown model at the head of the chain ends the request before the chain is entered", () => {
  it.each([
    ["of a provider that nobody can load", "nosuch/model", "two/my-local-model:ok"],
    ["that its backend does not have", "one/missing", "one/missing:model_missing,two/my-local-model:ok"],
  ])("does not happen with one %s: the next candidate answers", async (_, primary, attempts) => {
    const { gateway } = await startStack(
      { one: { kind: "openai-compatible" }, two: { kind: "openai-compatible" } },
      ({ one, two }) => ({
        config: {
          agents: { defaults: { model: { primary, fallbacks: ["two/my-local-model"] } } },
          models: { providers: { one: { baseUrl: one.baseUrl }, two: { baseUrl: two.baseUrl } } },
        },
      }),
    );
    for (const [, stream] of forms) {
      expect((await gateway.say("chat", { stream })).headers["x-headgate-attempts"]).toBe(attempts);
    }
  });
});

describe("a turn that only calls a tool is taken for empty and asked again", () => {
  it.each(upstreams)("does not happen at $kind on $wire: one request, one call", async ({ kind, wire, model }) => {
    const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: `${kind}/${model}` } },
        models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
      },
    }));
    backend.answer({ toolCalls: [{ name: "get_weather", arguments: {} }] });
    for (const client of textWires) {
      const { readStream, readWhole } = dialects[client];
      for (const [, stream] of forms) {
        const reply = await gateway.say(client, { stream, conversation: { ...hello, tools: ["get_weather"] } });
        const said = stream ? readStream(reply.events) : readWhole(reply.json);
        expect(said).toMatchObject({ text: "", calls: [{ name: "get_weather" }], finish: "tool_calls" });
      }
    }
    const asked = backend.requests.filter((request) => request.wire !== undefined);
    expect(asked).toHaveLength(textWires.length * forms.length);
    for (const { attempts } of gateway.receipts) expect(attempts).toMatchObject([{ outcome: "ok" }]);
  });
});

describe("one dead model is waited for three times over before the chain is entered", () => {
  it.each(forms)("does not happen, %s: a clock that ran out is no reason to ask again", async (_, stream) => {
    const { one, gateway, clock } = await startHouseOfTwo({
      row: { timeouts: { firstOutput: "300s", whole: "300s" } },
    });
    one.fail({ kind: "hang" });
    const asked = gateway.say("messages", { model: "main", stream });
    await one.waitFor((request) => request.wire !== undefined);
    await clock.pass(300_000);
    await asked;
    expect(gateway.receipts[0]?.attempts).toMatchObject([
      { ref: first, outcome: "timeout", duration: 300_000 },
      { ref: second, outcome: "ok" },
    ]);
    expect(one.requests).toHaveLength(1);
  });
});

describe("a deadline skips the rest of the chain in silence", () => {
  it("does not happen: it is each candidate's own, and the receipt says whose ran out", async () => {
    const total = { timeouts: { total: "5s" } };
    const { one, gateway, clock } = await startHouseOfTwo({ row: total, other: total });
    one.fail({ kind: "hang" });
    const asked = gateway.say("chat", { model: "main" });
    await one.waitFor((request) => request.wire !== undefined);
    await clock.pass(5000);
    expect((await asked).headers["x-headgate-attempts"]).toBe(`${first}:timeout,${second}:ok`);
    expect(gateway.receipts[0]?.attempts[0]).toMatchObject({ clock: "total" });
  });
});

describe("a failing local model moves the work to a paid one that nobody named", () => {
  it.each(["minimax-m2.1-gs32", minimax])(
    "does not happen to %s: it is one candidate, and its failure is told",
    async (model) => {
      const { hosted, local, gateway } = await startHybrid();
      local.fail(broken);
      for (const wire of textWires) {
        const reply = await gateway.say(wire, { model });
        expect(reply.status).toBe(502);
        expect(dialects[wire].readError(reply.json)?.message).toMatch(/\w/);
      }
      expect(hosted.requests).toEqual([]);
      for (const { candidates } of gateway.receipts) expect(candidates.map(({ ref }) => ref)).toEqual([minimax]);
    },
  );

  it("does not happen unseen where a route says so: headers and receipt name who answered, where and why", async () => {
    const { local, gateway } = await startHybrid({
      file: "local-first",
      settings: { "models.providers.anthropic.place": "us" },
    });
    local.fail(broken);
    const reply = await gateway.say("chat", { model: "default" });
    expect(reply.headers).toMatchObject({ "x-headgate-model": sonnet, "x-headgate-place": "us" });
    expect(gateway.receipts[0]).toMatchObject({
      requested: "default",
      served: sonnet,
      attempts: [{ ref: minimax, outcome: "bad_answer" }, { ref: minimax }, { ref: sonnet, outcome: "ok" }],
    });
  });
});

describe("a throttle whose words speak of billing shuts a provider for hours", () => {
  it.each<[string, number, object]>([
    [
      "a rate limit that recommends to pay",
      429,
      { message: "Rate limit reached. Add a payment method on the billing page.", code: "rate_limit_exceeded" },
    ],
    [
      "a quota of the minute",
      429,
      {
        message: "You exceeded your current quota, please check your plan and billing details. Retry in 12s.",
        code: 429,
      },
    ],
    ["a warning", 400, { message: "This call is billed. temperature is deprecated." }],
    ["a server that broke", 500, { message: "billing service unavailable" }],
  ])("does not happen for %s: the next request asks it again", async (_, status, error) => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail({ kind: "status", status, body: { error } });
    const failed = await gateway.say("chat", { model: "main" });
    expect(failed.headers["x-headgate-model"]).toBe(second);
    expect(failed.headers["x-headgate-attempts"]).not.toContain("quota");
    expect(gateway.router.breakers()).toEqual([]);
    one.heal();
    expect((await gateway.say("chat", { model: "main" })).headers["x-headgate-attempts"]).toBe(`${first}:ok`);
  });
});

describe("fallbacks that nobody wants happen on one path all the same", () => {
  it.each(answered)("does not happen at $path: a ref is one candidate alone", async ({ path, body }) => {
    const stack = await startPair({
      config: { agents: { defaults: { model: { primary: "first/writer", fallbacks: ["second/writer"] } } } },
    });
    stack.first.fail(broken);
    const model = path === "/v1/embeddings" ? "first/embedder" : "first/writer";
    for (const more of path === "/v1/embeddings" || path.endsWith("compact") ? [{}] : [{}, { stream: true }]) {
      expect((await stack.gateway.ask(path, { body: { ...body, ...more, model } })).status).toBe(502);
    }
    expect(stack.first.requests.length).toBeGreaterThan(0);
    expect(stack.second.requests).toEqual([]);
  });
});

describe("after a fallback the answer still bears the name of the model that was asked for", () => {
  it.each(textWires)(
    "does not happen to a client of %s: body, header and receipt name who answered",
    async (client) => {
      const { hosted, gateway } = await startHybrid();
      hosted.fail({ kind: "status", status: 401 });
      for (const [, stream] of forms) {
        const reply = await gateway.say(client, { model: "sonnet", stream });
        const named = [...reply.text.matchAll(/"model":"([^"]*)"/g)].map(([, name]) => name);
        expect([...new Set(named)]).toEqual(["minimax-m2.1-gs32"]);
        expect(reply.headers["x-headgate-model"]).toBe(minimax);
      }
      for (const { served, requested } of gateway.receipts) expect([requested, served]).toEqual(["sonnet", minimax]);
    },
  );
});

describe("of two waits the shorter one stands, and a backend that asked for minutes is asked after seconds", () => {
  it("does not happen: the longer one counts, also where it comes when the breaker is open", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail(broken);
    for (let index = 0; index < 5; index++) await gateway.say("chat", { model: "main" });
    one.fail({ kind: "status", status: 429, headers: { "retry-after": "600" } });
    await gateway.say("chat", { model: first });
    const before = one.requests.length;
    await clock.pass(599_000);
    expect((await gateway.say("chat", { model: "main" })).headers["x-headgate-attempts"]).toBe(`${second}:ok`);
    expect(one.requests).toHaveLength(before);
    one.heal();
    await clock.pass(1000);
    expect((await gateway.say("chat", { model: "main" })).headers["x-headgate-attempts"]).toBe(`${first}:ok`);
  });
});

describe("one number is all the time there is for a connection, a load and a first word", () => {
  it.each([
    [undefined, 2000],
    ["700ms", 700],
  ])(
    "does not happen: a connection has a clock of its own (%s), and the next candidate answers",
    async (connect, limit) => {
      const real = undiciTransport();
      onTestFinished(() => real.close());
      const limits: number[] = [];
      const { gateway } = await startPair({
        ...(connect !== undefined && { row: { timeouts: { connect } } }),
        transport: {
          send: (request, signal) => {
            limits.push(request.connectTimeout);
            if (limits.length > 1) return real.send(request, signal);
            return Promise.reject(new TransportError("connect-timeout", "no connection in time"));
          },
        },
      });
      const reply = await gateway.say("chat", { model: "draft" });
      expect(reply.headers["x-headgate-attempts"]).toBe("first/writer:timeout,second/writer:ok");
      expect(gateway.receipts[0]?.attempts[0]).toMatchObject({ clock: "connect" });
      expect(limits).toEqual([limit, limit]);
    },
  );
});
