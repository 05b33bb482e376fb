import type { SimulatorKind } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import type { JsonObject } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

interface Speaker {
  readonly kind: SimulatorKind;
  readonly model: string;
}

/** A backend of each wire, and one that is asked on the same wire by another provider's name. */
const speakers: Readonly<Record<TextWire, Speaker>> = {
  chat: { kind: "openai-compatible", model: "my-local-model" },
  responses: { kind: "openai", model: "gpt-5.5" },
  messages: { kind: "anthropic", model: "claude-sonnet-4-5" },
};

const providerOf = (wire: TextWire): string => speakers[wire].kind;
const refOf = (wire: TextWire): string => `${speakers[wire].kind}/${speakers[wire].model}`;

/** Backends of two wires, the first one asked first; `careful` is the same route for those that want no loss. */
const start = (first: TextWire, second: TextWire) =>
  startStack(
    { first: { kind: speakers[first].kind }, second: { kind: speakers[second].kind } },
    ({ first: one, second: two }) => {
      const order = { primary: refOf(first), fallbacks: first === second ? [] : [refOf(second)] };
      return {
        config: {
          agents: { defaults: { model: order } },
          routes: { careful: { ...order, strict: true }, lax: { ...order, strict: false } },
          models: {
            providers: {
              [providerOf(second)]: { baseUrl: two.baseUrl, apiKey: "k", wires: [second] },
              [providerOf(first)]: { baseUrl: one.baseUrl, apiKey: "k", wires: [first] },
            },
          },
        },
      };
    },
  );

interface Loss {
  readonly client: TextWire;
  readonly backend: TextWire;
  /** What the backend cannot take. */
  readonly fields: JsonObject;
  /** How it is named. */
  readonly field: string;
}

const hosted = { type: "web_search_20250305", name: "web_search" };
const patch = {
  type: "custom",
  name: "apply_patch",
  format: { type: "grammar", syntax: "lark", definition: "start: /x/" },
};

/** Losses that make the answer one to another question. */
const grave: readonly Loss[] = [
  { client: "chat", backend: "responses", fields: { stop: ["END"] }, field: "stop" },
  { client: "chat", backend: "responses", fields: { seed: 5 }, field: "seed" },
  { client: "chat", backend: "messages", fields: { logit_bias: { 7: -100 } }, field: "logit_bias" },
  { client: "chat", backend: "messages", fields: { temperature: 1.8 }, field: "temperature" },
  {
    client: "chat",
    backend: "messages",
    fields: { response_format: { type: "json_object" } },
    field: "response_format",
  },
  { client: "responses", backend: "chat", fields: { tools: [patch] }, field: "tools[].custom" },
  { client: "responses", backend: "chat", fields: { tools: [{ type: "web_search" }] }, field: "tools[].web_search" },
  { client: "responses", backend: "messages", fields: { max_tool_calls: 2 }, field: "max_tool_calls" },
  { client: "messages", backend: "chat", fields: { tools: [hosted] }, field: "tools[].web_search_20250305" },
  { client: "messages", backend: "responses", fields: { top_k: 3 }, field: "top_k" },
  { client: "messages", backend: "responses", fields: { stop_sequences: ["END"] }, field: "stop_sequences" },
  { client: "messages", backend: "chat", fields: { tomorrow: { more: 1 } }, field: "tomorrow" },
];

/** Losses that change where, for whom and how an answer is made, not what it says; and what is only estimated. */
const harmless: readonly Omit<Loss, "field">[] = [
  {
    client: "chat",
    backend: "messages",
    fields: { prompt_cache_key: "k", metadata: { a: "b" }, service_tier: "flex" },
  },
  { client: "chat", backend: "messages", fields: { reasoning_effort: "high" } },
  {
    client: "chat",
    backend: "responses",
    fields: { user: "u", store: true, prediction: { type: "content", content: "x" } },
  },
  {
    client: "responses",
    backend: "chat",
    fields: { prompt_cache_key: "k", client_metadata: { a: "b" }, background: false },
  },
  { client: "responses", backend: "messages", fields: { reasoning: { effort: "xhigh" } } },
  {
    client: "messages",
    backend: "chat",
    fields: {
      metadata: { user_id: "u" },
      context_management: { edits: [] },
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      thinking: { type: "enabled", budget_tokens: 1024 },
      max_tokens: 4096,
    },
  },
];

const bodyOf = (client: TextWire, model: string | undefined, fields: JsonObject, stream: boolean): JsonObject => ({
  ...dialects[client].writeRequest(hello, model, stream),
  ...fields,
});

/** Two ways to be strict: by a header, and by asking for a route that is. */
const ways = [
  ["by its header", undefined, { "x-headgate-strict": "1" }],
  ["by its route", "careful", {}],
] as const;

describe.each(ways)("a client that is strict %s", (_way, model, strict) => {
  it.each(grave)(
    "is refused what $backend cannot take of $client: $field",
    async ({ client, backend, fields, field }) => {
      const { first, gateway } = await start(backend, backend);
      for (const stream of [true, false]) {
        const reply = await gateway.ask(dialects[client].path, {
          body: bodyOf(client, model, fields, stream),
          headers: { ...dialects[client].headers, ...strict },
        });
        expect(reply.status, reply.text).toBe(400);
        const error = dialects[client].readError(reply.json);
        expect(error?.type).toBe("invalid_request_error");
        expect(error?.message).toContain(field);
        expect(error?.message).toContain(refOf(backend));
      }
      // Before anything is sent.
      expect(first.requests).toEqual([]);
      expect(gateway.receipts.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    },
  );

  it.each(grave.filter(({ field }) => field !== "tomorrow"))(
    "is given an answer by one that takes all of $client: $field",
    async ({ client, backend, fields }) => {
      const { first, second, gateway } = await start(backend, client);
      const reply = await gateway.ask(dialects[client].path, {
        body: bodyOf(client, model, fields, true),
        headers: { ...dialects[client].headers, ...strict },
      });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.headers["x-headgate-model"]).toBe(refOf(client));
      expect(reply.headers["x-headgate-attempts"]).toBe(`${refOf(backend)}:unsupported,${refOf(client)}:ok`);
      expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
      expect(first.requests).toEqual([]);
      expect(second.requests[0]?.body).toMatchObject(fields);
    },
  );

  it.each(harmless)("is not kept from an answer of $backend by $fields", async ({ client, backend, fields }) => {
    const { first, gateway } = await start(backend, backend);
    const reply = await gateway.ask(dialects[client].path, {
      body: bodyOf(client, model, fields, false),
      headers: { ...dialects[client].headers, ...strict },
    });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers["x-headgate-warnings"]).toBeDefined();
    expect(first.requests).toHaveLength(1);
  });
});

describe("a client that is not strict", () => {
  it.each([
    ["says nothing of it", undefined, {}],
    ["says so", undefined, { "x-headgate-strict": "0" }],
    ["asks for a route that is not", "lax", {}],
  ])("%s: it gets its answer, and is told what was lost", async (_name, model, headers) => {
    const { gateway } = await start("responses", "responses");
    const reply = await gateway.ask("/v1/chat/completions", {
      body: bodyOf("chat", model, { stop: ["END"], seed: 5 }, false),
      headers,
    });
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-warnings"]?.split(",")).toEqual(["dropped:seed", "dropped:stop"]);
  });
});

describe.each(textWires)("a strict client of %s", (wire) => {
  it("is served by its own wire untouched, whatever it sends", async () => {
    const { first, gateway } = await start(wire, wire);
    const body = bodyOf(wire, undefined, wire === "messages" ? { top_k: 3 } : { top_p: 0.5 }, true);
    const reply = await gateway.ask(dialects[wire].path, {
      body,
      headers: { ...dialects[wire].headers, "x-headgate-strict": "1" },
    });
    expect(reply.status, reply.text).toBe(200);
    expect(first.requests[0]?.body).toEqual({ ...body, model: speakers[wire].model });
  });

  it("hears why, where several things are lost and nobody takes them", async () => {
    const others = textWires.filter((other) => other !== wire);
    const [one, two] = others as [TextWire, TextWire];
    const { first, second, gateway } = await start(one, two);
    const lost = { tools: [], tomorrow: { a: 1 }, later: { b: 2 } };
    const reply = await gateway.ask(dialects[wire].path, {
      body: bodyOf(wire, undefined, lost, false),
      headers: { ...dialects[wire].headers, "x-headgate-strict": "1" },
    });
    expect(reply.status).toBe(400);
    const message = dialects[wire].readError(reply.json)?.message;
    for (const word of ["tomorrow", "later", "2 candidates were tried"]) expect(message).toContain(word);
    expect([...first.requests, ...second.requests]).toEqual([]);
  });
});

describe("a loss that the model itself brings about", () => {
  it("counts as well: Anthropic's newest models take no temperature", async () => {
    const { backend, gateway } = await startStack({ backend: { kind: "anthropic" } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: "anthropic/claude-opus-5-5" } },
        models: { providers: { anthropic: { baseUrl: backend.baseUrl, apiKey: "k" } } },
      },
    }));
    const { path, headers } = dialects.messages;
    const body = bodyOf("messages", undefined, { temperature: 0.2 }, false);
    expect((await gateway.ask(path, { body, headers })).headers["x-headgate-warnings"]).toBe("dropped:temperature");
    const strict = await gateway.ask(path, { body, headers: { ...headers, "x-headgate-strict": "1" } });
    expect(strict.status).toBe(400);
    expect(dialects.messages.readError(strict.json)?.message).toContain("temperature");
    expect(backend.requests).toHaveLength(1);
  });
});
