import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import { startHybrid } from "./harness/hybrid.ts";
import type { JsonObject } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const png = "iVBORw0KGgo=";
const url = `data:image/png;base64,${png}`;
const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };

/** What each wire's clients ask for beyond text and tools, and the word of its key. */
const wishes: Readonly<
  Record<TextWire, Readonly<Record<"images" | "reasoning" | "structure", readonly [JsonObject, string]>>>
> = {
  chat: {
    images: [
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "hi" },
              { type: "image_url", image_url: { url } },
            ],
          },
        ],
      },
      "image_url",
    ],
    reasoning: [{ messages: [{ role: "user", content: "hi" }], reasoning_effort: "high" }, "reasoning_effort"],
    structure: [
      {
        messages: [{ role: "user", content: "hi" }],
        response_format: { type: "json_schema", json_schema: { name: "x", schema } },
      },
      "response_format",
    ],
  },
  responses: {
    images: [
      {
        input: [
          {
            role: "user",
            content: [
              { type: "input_text", text: "hi" },
              { type: "input_image", image_url: url },
            ],
          },
        ],
      },
      "input_image",
    ],
    reasoning: [{ input: "hi", reasoning: { effort: "high" } }, "reasoning"],
    structure: [{ input: "hi", text: { format: { type: "json_schema", name: "x", schema } } }, "text"],
  },
  messages: {
    images: [
      {
        max_tokens: 99,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "hi" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
            ],
          },
        ],
      },
      "image",
    ],
    reasoning: [
      {
        max_tokens: 2000,
        messages: [{ role: "user", content: "hi" }],
        thinking: { type: "enabled", budget_tokens: 1024 },
      },
      "thinking",
    ],
    structure: [
      {
        max_tokens: 99,
        messages: [{ role: "user", content: "hi" }],
        output_config: { format: { type: "json_schema", schema } },
      },
      "output_config",
    ],
  },
};

/** The same wishes as a backend of each wire is to get them. */
const arrives: Readonly<Record<keyof (typeof wishes)["chat"], Readonly<Record<TextWire, JsonObject>>>> = {
  images: {
    chat: { messages: [{ content: [{ text: "hi" }, { type: "image_url", image_url: { url } }] }] },
    responses: { input: [{ content: [{ text: "hi" }, { type: "input_image", image_url: url }] }] },
    messages: {
      messages: [
        {
          content: [{ text: "hi" }, { type: "image", source: { type: "base64", media_type: "image/png", data: png } }],
        },
      ],
    },
  },
  reasoning: {
    chat: { reasoning_effort: "high" },
    responses: { reasoning: { effort: "high" } },
    messages: { thinking: { type: "enabled", budget_tokens: 16_384 } },
  },
  structure: {
    chat: { response_format: { type: "json_schema", json_schema: { schema } } },
    responses: { text: { format: { type: "json_schema", schema } } },
    messages: { output_config: { format: { type: "json_schema", schema } } },
  },
};

/** Who knows every effort, and says by itself how much of it to think. */
const knowing: ReadonlySet<Upstream["kind"]> = new Set(["openai", "vllm", "openrouter"]);

interface Expected {
  readonly body: JsonObject;
  readonly warnings: readonly string[];
}

/** LM Studio takes a schema on Responses, and holds no answer to it. */
const unheeded = "dropped:text.format";

/** What a backend gets of a wish, where it is not all of it in its wire's own words. */
const exceptions: readonly {
  readonly wish: keyof typeof arrives;
  readonly of: (client: TextWire, upstream: Upstream) => boolean;
  readonly expected: (client: TextWire, upstream: Upstream) => Expected;
}[] = [
  {
    wish: "reasoning",
    of: (client, { kind, wire }) => client !== "messages" && wire === "messages" && kind === "openrouter",
    expected: () => ({ body: { thinking: { type: "adaptive" }, output_config: { effort: "high" } }, warnings: [] }),
  },
  {
    // Efforts count as tokens where no backend's own limit says how many there may be: most of the least of all limits.
    wish: "reasoning",
    of: (client, { wire }) => client !== "messages" && wire === "messages",
    expected: (client, { kind }) => ({
      body: { thinking: { type: "enabled", budget_tokens: kind === "anthropic" ? 16_384 : 3072 } },
      warnings: [`estimated:${wishes[client].reasoning[1]}`],
    }),
  },
  {
    // A budget of 1024 tokens is the least effort that a backend knows.
    wish: "reasoning",
    of: (client) => client === "messages",
    expected: (_, { kind, wire }) => {
      const effort = knowing.has(kind) ? "minimal" : "low";
      const body = wire === "chat" ? { reasoning_effort: effort } : { reasoning: { effort } };
      return { body, warnings: ["estimated:thinking"] };
    },
  },
  {
    // A tool that has to be called takes the answer.
    wish: "structure",
    of: (_, { kind, wire }) => wire === "messages" && kind !== "anthropic" && kind !== "openrouter",
    expected: (client) => ({
      body: { tools: [{ input_schema: schema }], tool_choice: { type: "tool" } },
      warnings: [`estimated:${client === "chat" ? "response_format" : "text.format"}`],
    }),
  },
  {
    // It arrives, and is not heeded.
    wish: "structure",
    of: (_, { kind, wire }) => wire === "responses" && kind === "lmstudio",
    expected: () => ({ body: arrives.structure.responses, warnings: [unheeded] }),
  },
];

const expectedOf = (wish: keyof typeof arrives, client: TextWire, upstream: Upstream): Expected =>
  exceptions.find((one) => one.wish === wish && one.of(client, upstream))?.expected(client, upstream) ?? {
    body: arrives[wish][upstream.wire],
    warnings: [],
  };

/** GPT-4.1 does not reason. */
const thinking = upstreams.map((upstream) =>
  upstream.kind === "openai" ? { ...upstream, model: "gpt-5.5" } : upstream,
);

const pairs = textWires.flatMap((client) =>
  thinking.filter(({ wire }) => wire !== client).map((upstream) => ({ client, upstream, ...upstream })),
);

describe.each(pairs)("translated from $client to $wire of $kind", ({ client, upstream, kind, wire, model }) => {
  it.each(["images", "reasoning", "structure"] as const)(
    "%s arrive in the backend's own words, streamed and whole, and only what is estimated is named",
    async (wish) => {
      // A simulated vLLM has eyes only where it is told so.
      const setup = kind === "vllm" ? { kind, models: [{ id: model, type: "vlm" } as const] } : { kind };
      const { backend, gateway } = await startStack({ backend: setup }, ({ backend }) => ({
        config: { models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } } },
      }));
      const [fields] = wishes[client][wish];
      const expected = expectedOf(wish, client, upstream);
      for (const stream of [true, false]) {
        const reply = await gateway.ask(dialects[client].path, {
          body: { model: `${kind}/${model}`, stream, ...fields },
          headers: dialects[client].headers,
        });
        expect(reply.status, reply.text).toBe(200);
        expect(backend.requests.at(-1)?.body).toMatchObject(expected.body);
        const warnings = reply.headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent) ?? [];
        expect(warnings).toEqual(expected.warnings);
        const losses = gateway.receipts.at(-1)?.losses.map(({ effect, field }) => `${effect}:${field}`);
        expect(losses).toEqual(expected.warnings);
        const { readStream, readWhole } = dialects[client];
        const said = stream ? readStream(reply.events) : readWhole(reply.json);
        expect(said).toMatchObject({ calls: [], finish: "stop" });
        if (wish === "structure") expect(JSON.parse(said.text)).toEqual({ a: "example" });
      }
    },
  );
});

/** Anthropic enforces no bounds, and answers a schema of them with a 400. */
const bounded = {
  type: "object",
  properties: { stars: { type: "integer", minimum: 1, maximum: 5 } },
  required: ["stars"],
  additionalProperties: false,
};

/** Wishes that some backend cannot fulfil in any words, with what is told of them. */
const lost: readonly {
  readonly client: TextWire;
  readonly fields: JsonObject;
  readonly backend: TextWire;
  readonly warning: string;
}[] = [
  { client: "chat", fields: { seed: 7 }, backend: "responses", warning: "dropped:seed" },
  { client: "chat", fields: { seed: 7 }, backend: "messages", warning: "dropped:seed" },
  { client: "chat", fields: { stop: ["END"] }, backend: "responses", warning: "dropped:stop" },
  { client: "chat", fields: { n: 2 }, backend: "messages", warning: "changed:n" },
  { client: "chat", fields: { logit_bias: { 5: 1 } }, backend: "messages", warning: "dropped:logit_bias" },
  { client: "chat", fields: { temperature: 1.5 }, backend: "messages", warning: "changed:temperature" },
  {
    client: "chat",
    fields: { response_format: { type: "json_object" } },
    backend: "messages",
    warning: "changed:response_format",
  },
  {
    client: "chat",
    fields: { response_format: { type: "json_schema", json_schema: { name: "x", schema: bounded } } },
    backend: "messages",
    warning: "changed:response_format",
  },
  {
    client: "responses",
    fields: { text: { format: { type: "json_schema", name: "x", schema: bounded } } },
    backend: "messages",
    warning: "changed:text.format",
  },
  {
    client: "responses",
    fields: { tools: [{ type: "function", name: "f", parameters: bounded, strict: true }] },
    backend: "messages",
    warning: "dropped:tools[].strict",
  },
  { client: "responses", fields: { max_tool_calls: 1 }, backend: "chat", warning: "dropped:max_tool_calls" },
  { client: "responses", fields: { truncation: "auto" }, backend: "messages", warning: "dropped:truncation" },
  {
    client: "responses",
    fields: { tools: [{ type: "web_search" }] },
    backend: "messages",
    warning: "dropped:tools[].web_search",
  },
  { client: "messages", fields: { top_k: 5 }, backend: "responses", warning: "dropped:top_k" },
  { client: "messages", fields: { stop_sequences: ["END"] }, backend: "responses", warning: "dropped:stop_sequences" },
  { client: "messages", fields: { tomorrow: true }, backend: "chat", warning: "dropped:tomorrow" },
];

const vendors = {
  chat: { kind: "openai-compatible", model: "my-local-model" },
  responses: { kind: "openai", model: "gpt-4.1" },
  messages: { kind: "anthropic", model: "claude-sonnet-4-5" },
} as const;

describe("what a backend has no words for", () => {
  it.each(lost)("$warning, from $client to $backend", async ({ client, fields, backend: wire, warning }) => {
    const { kind, model } = vendors[wire];
    const { gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
      config: { models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } } },
    }));
    const { path, headers, writeRequest } = dialects[client];
    const reply = await gateway.ask(path, {
      body: { ...writeRequest(hello, `${kind}/${model}`, false), ...fields },
      headers,
    });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent)).toEqual([warning]);
    expect(gateway.receipts[0]?.losses).toMatchObject([{ from: client, to: wire, why: expect.stringMatching(/./) }]);
  });
});

/** Wishes that Anthropic refuses together (models that think by a budget), and what is done about it. */
const quarrels: readonly (readonly [
  name: string,
  fields: JsonObject,
  body: JsonObject,
  warnings: readonly string[],
])[] = [
  [
    "a temperature beside thinking",
    { reasoning_effort: "high", temperature: 0 },
    { temperature: undefined, thinking: { type: "enabled" } },
    ["estimated:reasoning_effort", "changed:temperature"],
  ],
  [
    "a limit too small to think in",
    { reasoning_effort: "high", max_completion_tokens: 800 },
    { max_tokens: 800, thinking: undefined },
    ["changed:reasoning_effort"],
  ],
  ["temperature and top_p", { temperature: 0, top_p: 0.95 }, { temperature: 0, top_p: undefined }, ["dropped:top_p"]],
];

describe("wishes that exclude each other", () => {
  it.each(quarrels)("%s: the request is taken all the same", async (_name, fields, body, warnings) => {
    const { backend, gateway } = await startStack({ backend: { kind: "anthropic" } }, ({ backend }) => ({
      config: { models: { providers: { anthropic: { baseUrl: backend.baseUrl, apiKey: "k" } } } },
    }));
    const { path, writeRequest } = dialects.chat;
    const asked = { ...writeRequest(hello, "anthropic/claude-sonnet-4-5", false), ...fields };
    const reply = await gateway.ask(path, { body: asked });
    expect(reply.status, reply.text).toBe(200);
    const received = backend.requests[0]?.body as JsonObject;
    for (const [key, value] of Object.entries(body)) {
      if (value === undefined) expect(received).not.toHaveProperty(key);
      else expect(received).toMatchObject({ [key]: value });
    }
    expect(reply.headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent)).toEqual(warnings);
  });
});

describe("nothing is lost on the client's own wire", () => {
  it.each(textWires)("of %s: what is asked arrives, and no warning but of what is not heeded", async (wire) => {
    const { backend, gateway } = await startStack({ backend: { kind: "lmstudio" } }, ({ backend }) => ({
      config: { models: { providers: { lmstudio: { baseUrl: backend.baseUrl } } } },
    }));
    for (const [wish, [fields]] of Object.entries(wishes[wire])) {
      const reply = await gateway.ask(dialects[wire].path, {
        body: { model: "lmstudio/minimax-m2.1-gs32", ...fields },
      });
      const told = wire === "responses" && wish === "structure" ? unheeded : undefined;
      expect(reply.headers["x-headgate-warnings"]).toBe(told);
      expect(backend.requests.at(-1)?.body).toMatchObject(fields);
    }
  });
});

describe("a row that says a model does not reason", () => {
  it.each(textWires)("takes the wish of a client of %s away, and says so", async (wire) => {
    const { backend, gateway } = await startStack({ backend: { kind: "lmstudio" } }, ({ backend }) => ({
      config: {
        models: {
          providers: {
            lmstudio: { baseUrl: backend.baseUrl, models: [{ id: "minimax-m2.1-gs32", reasoning: false }] },
          },
        },
      },
    }));
    const [fields, word] = wishes[wire].reasoning;
    const body = { model: "minimax-m2.1-gs32", ...fields };
    const reply = await gateway.ask(dialects[wire].path, { body });
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-warnings"]).toBe(`dropped:${word}`);
    expect(backend.requests[0]?.path).toBe(dialects[wire].path);
    expect(backend.requests[0]?.body).toEqual({ ...body, [word]: undefined });
  });
});

describe("a model that nobody asked for", () => {
  it.each(textWires.flatMap((wire) => [true, false].map((stream) => ({ wire, stream }))))(
    "answers a client of $wire (stream: $stream) with a warning: LM Studio takes any name for the one it has loaded",
    async ({ wire, stream }) => {
      const { gateway } = await startHybrid();
      const reply = await gateway.say(wire, { model: "lmstudio/qwen3-8b", stream });
      expect(reply.headers["x-headgate-model"]).toBe("lmstudio/qwen3-8b");
      const [warning, ...others] = (reply.headers["x-headgate-warnings"] ?? "").split(",").map(decodeURIComponent);
      expect(warning).toMatch(/^asked for qwen3-8b, minimax-m2.1-gs32 answered/);
      expect(others).toEqual([]);
      expect(gateway.receipts[0]?.servedModel).toBe("minimax-m2.1-gs32");
    },
  );

  it("is no surprise where it has the name of another variant or instance", async () => {
    const { local, gateway } = await startHybrid();
    local.answer({ text: "hi", model: "minimax-m2.1-gs32:2" });
    const reply = await gateway.say("chat", { model: "minimax local" });
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
  });
});
