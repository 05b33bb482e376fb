import { faults } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Conversation } from "./harness/dialects/index.ts";
import { dialects } from "./harness/dialects/index.ts";
import { startStack } from "./harness/stack.ts";

/** About so many tokens of English. */
const prompt = (tokens: number): Conversation => ({ turns: [{ role: "user", text: "word ".repeat(tokens * 0.8) }] });

/** A local model with a small window, and one in reserve: their windows, where they are known. */
const start = (small: number | undefined, large: number | undefined) =>
  startStack(
    {
      near: { kind: "openai-compatible", models: [{ id: "m" }] },
      far: { kind: "openai-compatible", models: [{ id: "m" }] },
    },
    ({ near, far }) => {
      const row = (baseUrl: string, contextWindow: number | undefined) => ({
        baseUrl,
        api: "openai-completions",
        models: [{ id: "m", ...(contextWindow !== undefined && { contextWindow }) }],
      });
      return {
        config: {
          agents: { defaults: { model: { primary: "near/m", fallbacks: ["far/m"] } } },
          models: { providers: { near: row(near.baseUrl, small), far: row(far.baseUrl, large) } },
        },
      };
    },
  );

describe("a big session", () => {
  it.each<TextWire>(["chat", "responses", "messages"])(
    "on %s is not dumped on a small local model: the larger one is asked at once",
    async (wire) => {
      const { near, far, gateway } = await start(8_000, 200_000);
      const reply = await gateway.say(wire, { conversation: prompt(20_000) });
      expect(reply.headers["x-headgate-attempts"]).toBe("far/m:ok");
      expect(near.requests).toEqual([]);
      expect(far.requests).toHaveLength(1);
      const [record] = gateway.receipts[0]?.candidates ?? [];
      expect(record?.skipped).toMatch(/^its window takes 8000 tokens, and the request has about 2\d{4}$/);
    },
  );

  it("is sent where nobody knows the window", async () => {
    const { near, gateway } = await start(undefined, 8_000);
    const reply = await gateway.say("chat", { conversation: prompt(50_000) });
    expect(reply.headers["x-headgate-attempts"]).toBe("near/m:ok");
    expect(near.requests).toHaveLength(1);
  });

  it("that no window takes is refused before anything is sent, in the words that agents compact on", async () => {
    const { near, far, gateway } = await start(4_000, 8_000);
    const conversation = prompt(20_000);
    const messages = await gateway.say("messages", { conversation });
    expect(messages.status).toBe(400);
    expect(dialects.messages.readError(messages.json)?.message).toMatch(
      /^prompt is too long: 2\d{4} tokens > 8000 maximum$/,
    );
    for (const wire of ["chat", "responses"] as const) {
      const reply = await gateway.say(wire, { conversation });
      expect(reply.status).toBe(400);
      expect(dialects[wire].readError(reply.json)).toMatchObject({
        code: "context_length_exceeded",
        message: expect.stringContaining("maximum context length is 8000 tokens"),
      });
    }
    expect([near.requests, far.requests]).toEqual([[], []]);
    expect(gateway.receipts[0]).toMatchObject({ attempts: [], failure: { kind: "context_overflow" } });
  });

  it("near the edge is the backend's to judge, and goes on to a larger window where that says no", async () => {
    const { near, gateway } = await start(20_000, 200_000);
    near.fail(faults["openai-compatible"].contextLength({ tokens: 21_000, maximum: 20_000 }));
    const reply = await gateway.say("chat", { conversation: prompt(20_000) });
    expect(reply.headers["x-headgate-attempts"]).toBe("near/m:context_overflow,far/m:ok");
  });

  it("with pictures is judged by what they cost, and not by their bytes", async () => {
    const { near, gateway } = await start(8_000, 200_000);
    const url = `data:image/png;base64,${"A".repeat(400_000)}`;
    const content = [
      { type: "text", text: "what is it?" },
      { type: "image_url", image_url: { url } },
    ];
    const body = { messages: [{ role: "user", content }] };
    expect((await gateway.ask("/v1/chat/completions", { body })).status).toBe(200);
    expect(near.requests).toHaveLength(1);
  });
});

describe("a limit of the answer that the window cannot hold beside the input", () => {
  // Coding agents ask for 32,000 tokens of output and more with every request, whatever the model.
  const agents: Conversation = { ...prompt(2_000), maxTokens: 32_000 };

  it.each<TextWire>(["chat", "responses", "messages"])(
    "on %s costs a small local model no request: the limit is lowered where its backend says so",
    async (wire) => {
      const { near, far, gateway } = await start(8_000, 200_000);
      near.failNext(faults["openai-compatible"].maxTokensTooLarge({ tokens: 32_000, maximum: 8_000 }));
      const reply = await gateway.say(wire, { conversation: agents });
      expect(reply.headers["x-headgate-attempts"]).toBe("near/m:unsupported,near/m:ok");
      expect([near.requests.length, far.requests.length]).toEqual([2, 0]);
      expect(gateway.receipts[0]?.candidates?.[0]?.skipped).toBeUndefined();
    },
  );

  it("is sent as it is to a backend that ends the answer where its window is full", async () => {
    const { near, gateway } = await start(8_000, 200_000);
    const reply = await gateway.say("chat", { conversation: agents });
    expect(reply.headers["x-headgate-attempts"]).toBe("near/m:ok");
    expect(JSON.stringify(near.requests[0]?.body)).toContain("32000");
  });
});

describe("a session near the edge of a window whose backend counts", () => {
  const startCounting = () =>
    startStack(
      { hosted: { kind: "anthropic" }, far: { kind: "openai-compatible", models: [{ id: "m" }] } },
      (backends) => {
        const window = { id: "claude-sonnet-4-5", contextWindow: 20_000 };
        return {
          config: {
            agents: { defaults: { model: { primary: "anthropic/claude-sonnet-4-5", fallbacks: ["far/m"] } } },
            models: {
              providers: {
                anthropic: { baseUrl: backends.hosted.baseUrl, apiKey: "k", models: [window] },
                far: { baseUrl: backends.far.baseUrl, models: [{ id: "m", contextWindow: 200_000 }] },
              },
            },
          },
        };
      },
    );
  const countPath = "/v1/messages/count_tokens";
  const paths = (requests: readonly { readonly path: string }[]) => requests.map(({ path }) => path);

  // The simulated backend counts words.
  it.each([
    ["fits", "word ", "anthropic/claude-sonnet-4-5:ok", [countPath, "/v1/messages"]],
    ["does not fit", "a ", "far/m:ok", [countPath]],
  ])("is counted once, and where it %s goes there or on", async (fits, word, attempts, asked) => {
    const { hosted, gateway } = await startCounting();
    const conversation: Conversation = { turns: [{ role: "user", text: word.repeat(75_000 / word.length) }] };
    const reply = await gateway.say("messages", { conversation, stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe(attempts);
    expect(paths(hosted.requests)).toEqual(asked);
    const [record] = gateway.receipts[0]?.candidates ?? [];
    const skipped = "its window takes 20000 tokens, and the request has 37500";
    expect(record?.skipped).toBe(fits === "fits" ? undefined : skipped);
  });

  it("is sent where the count fails, and a short one is not counted at all", async () => {
    const { hosted, gateway } = await startCounting();
    hosted.failNext({ kind: "status", status: 500 });
    const reply = await gateway.say("messages", { conversation: prompt(20_000) });
    expect(reply.headers["x-headgate-attempts"]).toBe("anthropic/claude-sonnet-4-5:ok");
    await gateway.say("messages", { conversation: prompt(5_000) });
    expect(paths(hosted.requests)).toEqual([countPath, "/v1/messages", "/v1/messages"]);
  });
});
