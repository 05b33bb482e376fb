import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "../harness/backends.ts";
import { dialects } from "../harness/dialects/index.ts";
import { hostedGreeting, startHybrid } from "../harness/hybrid.ts";
import { listAt, textAt } from "../harness/json.ts";
import { startStack } from "../harness/stack.ts";
import { operations, outwardTo } from "./outward.ts";

const kinds: readonly Upstream[] = [...new Map(upstreams.map((upstream) => [upstream.kind, upstream])).values()];

describe("an alias arms a list of what is allowed, and all other models are gone", () => {
  it.each(["anthropic/claude-haiku-4-5", "anthropic/claude-next-9", "lmstudio/another"])(
    "does not happen to %s, which nobody has named anywhere",
    async (model) => {
      const { hosted, local, gateway } = await startHybrid();
      await gateway.say("chat", { model });
      expect([...hosted.requests, ...local.requests].map((request) => request.model)).toEqual([
        model.slice(model.indexOf("/") + 1),
      ]);
    },
  );
});

describe("a provider of one's own is passed by where its model has the name of a known one", () => {
  it.each(["mine/gpt-4.1", "mine/claude-sonnet-4-5", "claude-sonnet-4-5"])("does not happen to %s", async (model) => {
    const { mine, known, gateway } = await startStack(
      { mine: { kind: "openai-compatible" }, known: { kind: "anthropic" } },
      (backends) => ({
        config: {
          models: {
            providers: {
              mine: { baseUrl: backends.mine.baseUrl, models: [{ id: "gpt-4.1" }, { id: "claude-sonnet-4-5" }] },
              anthropic: { baseUrl: backends.known.baseUrl, apiKey: "k" },
            },
          },
        },
      }),
    );
    await gateway.say("messages", { model });
    expect(mine.requests).toHaveLength(1);
    expect(known.requests).toEqual([]);
    expect(gateway.receipts[0]?.candidates).toMatchObject([{ ref: model.includes("/") ? model : `mine/${model}` }]);
  });
});

describe("a local server under the name of a vendor is passed by, and the vendor gets what was said", () => {
  it.each(kinds)(
    "does not happen under the name $kind: nothing goes but to the row's address",
    async ({ kind, model }) => {
      let asked: readonly string[] = [];
      const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => {
        const outward = outwardTo(backend);
        asked = outward.asked;
        return {
          transport: outward.transport,
          config: { models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k" } } } },
        };
      });
      for (const { path, body, wire } of operations) {
        const before = asked.length;
        await gateway.ask(path, { body: { ...body, model: `${kind}/${model}` } });
        if (wire !== undefined) expect(asked.length).toBeGreaterThan(before);
      }
      const origins = asked.map((line) => new URL(line.slice(line.indexOf(" ") + 1)).origin);
      expect([...new Set(origins)]).toEqual([backend.origin]);
    },
  );
});

describe("a guard against forged addresses refuses a server of one's own network", () => {
  it.each([
    "http://192.168.1.20:1234",
    "http://10.0.0.5:8000",
    "http://172.17.0.1:11434",
    "http://host.docker.internal:1234",
    "http://workstation.local:8080",
    "http://workstation:8080",
    "http://[fd00::20]:1234",
    "http://169.254.10.20:1234",
  ])("does not happen to %s: an address that is written in the config is asked", async (origin) => {
    let asked: readonly string[] = [];
    const { gateway } = await startStack({ backend: { kind: "openai-compatible" } }, ({ backend }) => {
      const outward = outwardTo(backend);
      asked = outward.asked;
      const row = { baseUrl: `${origin}/v1`, api: "openai-completions" };
      return { transport: outward.transport, config: { models: { providers: { box: row } } } };
    });
    expect((await gateway.say("chat", { model: "box/my-local-model" })).status).toBe(200);
    expect(asked).toEqual([`POST ${origin}/v1/chat/completions`]);
  });
});

describe("a model in the wrong case is taken, and answered with nothing or by another unseen", () => {
  it.each(textWires)("does not happen to a client of %s: its server's refusal, or a warning, says so", async (wire) => {
    const { strict, lmstudio, gateway } = await startStack(
      { strict: { kind: "openai-compatible" }, lmstudio: { kind: "lmstudio" } },
      (backends) => ({
        config: {
          models: {
            providers: {
              strict: { baseUrl: backends.strict.baseUrl },
              lmstudio: { baseUrl: backends.lmstudio.baseUrl },
            },
          },
        },
      }),
    );
    const refused = await gateway.say(wire, { model: "strict/My-Local-Model" });
    expect(refused.status).toBe(404);
    expect(strict.requests[0]?.model).toBe("My-Local-Model");
    const served = await gateway.say(wire, { model: "lmstudio/Another-Model" });
    expect(dialects[wire].readWhole(served.json).text).toMatch(/\w/);
    expect(decodeURIComponent(served.headers["x-headgate-warnings"] ?? "")).toContain("asked for Another-Model");
    expect(lmstudio.requests.at(-1)?.model).toBe("Another-Model");
  });
});

describe("a bare name gets the name of another provider before it", () => {
  it.each(["sonet", "gpt-4.1", "minimax"])("does not happen to %s: it is 404, and nobody is asked", async (model) => {
    const { hosted, local, gateway } = await startHybrid();
    for (const wire of textWires) expect((await gateway.say(wire, { model })).status).toBe(404);
    expect([...hosted.requests, ...local.requests]).toEqual([]);
  });
});

describe("a client that sends no model, or default, gets another than the config's", () => {
  it.each([undefined, "default", "DEFAULT"])("does not happen to %j", async (model) => {
    const { gateway } = await startHybrid();
    const reply = await gateway.say("chat", model === undefined ? {} : { model });
    expect(dialects.chat.readWhole(reply.json).text).toBe(hostedGreeting);
  });
});

describe("merge brings models of providers that nobody has named", () => {
  it.each(["merge", "replace"])("does not happen in mode %s: what is listed is what was named", async (mode) => {
    const { gateway } = await startHybrid({
      settings: {
        "models.mode": mode,
        "models.providers.anthropic.models": [{ id: "claude-sonnet-4-5" }, { id: "claude-opus-4-6" }],
      },
    });
    const ids = listAt((await gateway.ask("/v1/models")).json, "data").map((model) => textAt(model, "id"));
    const own = ids.filter((id) => /^(?:anthropic|lmstudio)\//.test(id) || !id.includes("/"));
    expect(ids).toEqual(own);
    expect(ids.filter((id) => id.startsWith("anthropic/")).length > 2).toBe(mode === "merge");
  });
});
