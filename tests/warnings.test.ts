import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
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
        max_tokens: 9,
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
        max_tokens: 9,
        messages: [{ role: "user", content: "hi" }],
        output_config: { format: { type: "json_schema", schema } },
      },
      "output_config",
    ],
  },
};

const pairs = textWires.flatMap((client) =>
  upstreams.filter(({ wire }) => wire !== client).map((upstream) => ({ client, ...upstream })),
);

describe.each(pairs)("translated from $client to $wire of $kind", ({ client, kind, wire, model }) => {
  it.each(["images", "reasoning", "structure"] as const)(
    "%s are named in x-headgate-warnings, streamed and whole",
    async (wish) => {
      const { gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
        config: { models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } } },
      }));
      const [fields, word] = wishes[client][wish];
      for (const stream of [true, false]) {
        const reply = await gateway.ask(dialects[client].path, {
          body: { model: `${kind}/${model}`, stream, ...fields },
          headers: dialects[client].headers,
        });
        expect(reply.status).toBe(200);
        const warnings = (reply.headers["x-headgate-warnings"] ?? "").split(",").map(decodeURIComponent);
        expect(warnings.filter((warning) => warning.endsWith(word))).toHaveLength(1);
        expect(gateway.receipts.at(-1)?.losses.map(({ field }) => field)).toEqual([expect.stringContaining(word)]);
      }
    },
  );
});

describe("nothing is lost on the client's own wire", () => {
  it.each(textWires)("of %s: what is asked arrives, and there is no warning", async (wire) => {
    const { backend, gateway } = await startStack({ backend: { kind: "lmstudio" } }, ({ backend }) => ({
      config: { models: { providers: { lmstudio: { baseUrl: backend.baseUrl } } } },
    }));
    for (const [fields] of Object.values(wishes[wire])) {
      const reply = await gateway.ask(dialects[wire].path, {
        body: { model: "lmstudio/minimax-m2.1-gs32", ...fields },
      });
      expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
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
