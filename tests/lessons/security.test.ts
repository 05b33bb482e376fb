import { createHash } from "node:crypto";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { ask } from "../harness/ask.ts";
import { upstreams } from "../harness/backends.ts";
import { dialects } from "../harness/dialects/index.ts";
import { openHouse } from "../harness/house.ts";
import { startHybrid } from "../harness/hybrid.ts";
import { glm, lookUps, startRegion } from "../harness/openrouter.ts";
import { startStack } from "../harness/stack.ts";
import { operations, outwardTo } from "./outward.ts";

/** Names that would lead elsewhere if one were ever a piece of an address. */
const misleading = ["a#b?c=d", "../../../evil", "z-ai/glm-5/../../keys", "//a@evil.example/%2f..\\x"];

const kinds = [...new Set(upstreams.map(({ kind }) => kind))];

describe.each(kinds)("a mark in a model's name leads the key to another address (%s)", (kind) => {
  it("does not happen: the addresses are those of any other model", async () => {
    let asked: readonly string[] = [];
    const { gateway } = await startStack({ backend: { kind } }, ({ backend }) => {
      const outward = outwardTo(backend);
      asked = outward.asked;
      const row = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "k" };
      return { transport: outward.transport, config: { models: { providers: { [kind]: row } } } };
    });
    const askAll = async (model: string): Promise<readonly string[]> => {
      const before = asked.length;
      await Promise.all(
        operations.map(({ path, body }) => gateway.ask(path, { body: { ...body, model: `${kind}/${model}` } })),
      );
      return asked.slice(before);
    };
    const usual = new Set(await askAll("an-ordinary-model"));
    for (const model of misleading) {
      const addresses = await askAll(model);
      expect(addresses.filter((address) => !usual.has(address))).toEqual([]);
      expect(addresses.length).toBeGreaterThan(0);
    }
  });
});

describe("a mark in a model's name leads a look-up of where it runs to another address", () => {
  it.each(misleading)("does not happen to %s: it is no model, and nobody looks", async (model) => {
    const stack = await startRegion();
    const reply = await stack.gateway.say("chat", { model: `openrouter/${model}` });
    expect(reply.status).toBe(400);
    const usual = ["/models", "/providers", `/models/${glm.slice("openrouter/".length)}/endpoints`];
    expect(lookUps(stack).filter((path) => !usual.includes(path))).toEqual([]);
  });
});

const evil = "http://127.0.0.1:9/v1";
const headers = {
  "x-base-url": evil,
  "x-custom-host": evil,
  "x-portkey-custom-host": evil,
  "x-forwarded-host": "127.0.0.1:9",
  "x-headgate-base-url": evil,
  "openai-base-url": evil,
};
const fields = { base_url: evil, baseUrl: evil, api_base: evil, custom_host: evil, endpoint: evil, api_key: "theirs" };

describe("a client says by a header or a field where its request goes, and the key goes along", () => {
  it.each(operations)("does not happen at $path: the row's address alone is asked", async ({ path, body }) => {
    let asked: readonly string[] = [];
    const { backend, gateway } = await startStack({ backend: { kind: "openai-compatible" } }, ({ backend }) => {
      const outward = outwardTo(backend);
      asked = outward.asked;
      return {
        transport: outward.transport,
        config: { models: { providers: { local: { baseUrl: backend.baseUrl, apiKey: "sk-row" } } } },
      };
    });
    await gateway.ask(path, { headers, body: { ...body, ...fields, model: "local/my-local-model" } });
    const origins = new Set(asked.map((line) => new URL(line.slice(line.indexOf(" ") + 1)).origin));
    expect([...origins]).toEqual([backend.origin]);
    for (const request of backend.requests) expect(request.headers.authorization).toBe("Bearer sk-row");
  });
});

const key = "sk-headgate-0123456789abcdef-one";

describe("another key opens the door", () => {
  it.each([
    ["that begins alike", `${key.slice(0, 20)}-and-something-else`],
    ["that is cut short", key.slice(0, -1)],
    ["that goes on", `${key}1`],
    ["that is the key's hash", createHash("sha256").update(key).digest("hex")],
    ["that is the key's hash, as it may be kept", createHash("sha256").update(key).digest("base64")],
    ["in another case", key.toUpperCase()],
    ["that is a pattern", "sk-%"],
    ["that is a question to a database", "' OR '1'='1"],
    ["that is nothing", ""],
  ])("does not happen with one %s", async (_, other) => {
    const { hosted, local, gateway } = await startHybrid({ settings: { "gateway.keys": [{ id: "desk", key }] } });
    // The right one first: nothing may remember that it was let in.
    const right = await gateway.say("chat", { headers: { authorization: `Bearer ${key}` } });
    expect(right.status).toBe(200);
    const before = hosted.requests.length;
    for (const wire of textWires) {
      for (const wrong of [{ authorization: `Bearer ${other}` }, { "x-api-key": other }]) {
        const reply = await gateway.say(wire, { headers: wrong });
        expect(reply.status).toBe(401);
        expect(dialects[wire].readError(reply.json)?.message).not.toContain(key);
      }
    }
    expect(hosted.requests).toHaveLength(before);
    expect(local.requests).toEqual([]);
  });
});

/** What other gateways were entered by. */
const doors = [
  "/config",
  "/config/update",
  "/v1/config",
  "/admin",
  "/api/config",
  "/key/generate",
  "/key/info",
  "/v1/keys",
  "/mcp",
  "/mcp/test/connection",
  "/mcp-rest/test/tools/list",
  "/v1/mcp/server",
  "/test",
  "/health/test_connection",
  "/plugins",
  "/reload",
  "/reset",
  "/__simulator",
  "/.env",
  "/metrics/../config",
];

describe("a path for operators changes the config or runs a command", () => {
  it("does not happen: there is none, with a key or without", async () => {
    const { gateway } = await startHybrid({ settings: { "gateway.keys": [{ id: "desk", key }] } });
    const before = JSON.stringify(gateway.router.explain("default"));
    for (const path of doors) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const reply = await gateway.ask(path, {
          method,
          headers: { authorization: `Bearer ${key}` },
          ...(method === "GET" ? {} : { body: { command: "id", model: "evil", keys: [] } }),
        });
        expect([404, 405], `${method} ${path}`).toContain(reply.status);
      }
    }
    expect(JSON.stringify(gateway.router.explain("default"))).toBe(before);
  });
});

describe("a pattern or a piece of a query in an id finds what belongs to others", () => {
  it("does not happen: an id is compared as it is", async () => {
    await using house = await openHouse();
    const said = await ask(`${house.url}/v1/responses`, { body: { model: "sonnet", input: "hi" } });
    const id = said.headers["x-headgate-request-id"] ?? "";
    const receipt = async () => (await ask(`${house.url}/receipts/${id}`)).json;
    expect(await receipt()).toMatchObject({ id });
    const patterns = [
      "%",
      "_".repeat(id.length),
      "*",
      `${id.slice(0, 4)}%`,
      "' OR '1'='1",
      '" OR 1=1 --',
      "x; DROP TABLE receipts",
    ];
    for (const pattern of patterns) {
      for (const path of ["/receipts/", "/v1/responses/", "/v1/responses/resp_"]) {
        expect((await ask(house.url + path + encodeURIComponent(pattern))).status).toBe(404);
      }
    }
    expect(await receipt()).toMatchObject({ id });
  });
});
