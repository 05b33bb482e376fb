import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Conversation, dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import type { JsonObject } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

/** Three backends of one kind whose rows say what their model takes. */
const start = () =>
  startStack(
    {
      plain: { kind: "openai-compatible", models: [{ id: "m" }] },
      seeing: { kind: "openai-compatible", models: [{ id: "m" }] },
      silent: { kind: "openai-compatible", models: [{ id: "m" }] },
    },
    ({ plain, seeing, silent }) => ({
      config: {
        agents: { defaults: { model: { primary: "plain/m", fallbacks: ["seeing/m", "silent/m"] } } },
        models: {
          providers: {
            plain: {
              baseUrl: plain.baseUrl,
              api: "openai-completions",
              models: [{ id: "m", tools: false, input: ["text"] }],
            },
            seeing: {
              baseUrl: seeing.baseUrl,
              api: "openai-completions",
              models: [{ id: "m", tools: true, input: ["text", "image"] }],
            },
            silent: { baseUrl: silent.baseUrl, api: "openai-completions", models: [{ id: "m" }] },
          },
        },
      },
    }),
  );

const withTools: Conversation = { ...hello, tools: ["get_weather"] };

const image: Readonly<Record<(typeof textWires)[number], unknown>> = {
  chat: { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
  responses: { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
  messages: { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
};

const schema = { type: "object", properties: { a: { type: "string" } } };

const wishes: Readonly<Record<(typeof textWires)[number], JsonObject>> = {
  chat: {
    reasoning_effort: "high",
    response_format: { type: "json_schema", json_schema: { name: "x", schema } },
  },
  responses: { reasoning: { effort: "high" }, text: { format: { type: "json_schema", name: "x", schema } } },
  messages: {
    max_tokens: 4096,
    thinking: { type: "enabled", budget_tokens: 2048 },
    output_config: { format: { type: "json_schema", schema } },
  },
};

/** A tool's output that is an image. */
const shown: Readonly<Record<(typeof textWires)[number], JsonObject>> = {
  chat: {
    messages: [
      { role: "user", content: "Take a picture." },
      { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "c", content: [image.chat] },
    ],
  },
  responses: {
    input: [
      { type: "custom_tool_call", call_id: "c", name: "f", input: "x" },
      { type: "custom_tool_call_output", call_id: "c", output: [image.responses] },
    ],
  },
  messages: {
    max_tokens: 9,
    messages: [
      { role: "user", content: "Take a picture." },
      { role: "assistant", content: [{ type: "tool_use", id: "c", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: [image.messages] }] },
    ],
  },
};

const holding = (wire: (typeof textWires)[number], part: unknown): JsonObject =>
  wire === "responses"
    ? { input: [{ role: "user", content: [{ type: "input_text", text: "What is it?" }, part] }] }
    : { max_tokens: 9, messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, part] }] };

describe.each(textWires)("what a request of %s needs", (wire) => {
  it("is nothing special: the first one is asked", async () => {
    const { gateway } = await start();
    expect((await gateway.say(wire)).headers["x-headgate-attempts"]).toBe("plain/m:ok");
  });

  it("is tools: a model whose row takes none is passed over, and the receipt says why", async () => {
    const { plain, gateway } = await start();
    const reply = await gateway.say(wire, { conversation: withTools, stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe("seeing/m:ok");
    expect(gateway.receipts[0]?.candidates[0]).toMatchObject({ skipped: expect.stringContaining("tools") });
    expect(plain.requests).toEqual([]);
  });

  it("is no more than that for reasoning and structured output: they are carried, or listed", async () => {
    const { gateway } = await start();
    const { path, headers, writeRequest } = dialects[wire];
    for (const stream of [true, false]) {
      const body = { ...writeRequest(hello, undefined, stream), ...wishes[wire] };
      const reply = await gateway.ask(path, { body, headers });
      expect(reply.headers["x-headgate-attempts"]).toBe("plain/m:ok");
    }
  });

  it("is sight: a model whose row takes text alone is passed over", async () => {
    const { plain, gateway } = await start();
    const reply = await gateway.ask(dialects[wire].path, { body: holding(wire, image[wire]) });
    expect(reply.headers["x-headgate-model"]).toBe("seeing/m");
    expect(plain.requests).toEqual([]);
  });

  it("is sight where a tool's output is an image", async () => {
    const { plain, gateway } = await start();
    const reply = await gateway.ask(dialects[wire].path, { body: shown[wire] });
    expect(reply.headers["x-headgate-model"], reply.text).toBe("seeing/m");
    expect(plain.requests).toEqual([]);
  });

  it("is hearing or a file: only a row that says nothing is asked", async () => {
    const { plain, seeing, gateway } = await start();
    const part =
      wire === "messages" ? { type: "document", source: { type: "text", data: "x" } } : { type: "file", file: {} };
    const body = holding(wire, wire === "responses" ? { type: "input_file", file_id: "f" } : part);
    const reply = await gateway.ask(dialects[wire].path, { body });
    expect(reply.headers["x-headgate-model"]).toBe("silent/m");
    expect([...plain.requests, ...seeing.requests]).toEqual([]);
  });

  it("can be more than anyone has: 400 names each candidate and what it lacks", async () => {
    const { gateway } = await start();
    const reply = await gateway.say(wire, { model: "plain/m", conversation: withTools });
    expect(reply.status).toBe(400);
    expect(dialects[wire].readError(reply.json)?.message).toContain("plain/m: it takes no tools");
  });
});

describe("tools that stand among the items of Responses", () => {
  it("are tools as well", async () => {
    const { plain, gateway } = await start();
    const tools = [{ type: "custom", name: "exec" }];
    const input = [
      { type: "additional_tools", role: "developer", tools },
      { role: "user", content: "hi" },
    ];
    const reply = await gateway.ask("/v1/responses", { body: { input } });
    expect(reply.headers["x-headgate-model"], reply.text).toBe("seeing/m");
    expect(plain.requests).toEqual([]);
  });
});
