import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { type Fault, faults, type SimulatorKind, type SimWire, startSimulator } from "../index.ts";
import { bodyOf, eventsOf, modelOf, pathOf, post } from "../testing/post.ts";
import { parseFault } from "./parse.ts";

const wireOf: Readonly<Record<SimulatorKind, SimWire>> = {
  lmstudio: "responses",
  anthropic: "messages",
  openai: "chat",
  "openai-compatible": "chat",
  vllm: "chat",
  litellm: "chat",
  openrouter: "chat",
};

const presets = (Object.keys(faults) as SimulatorKind[]).flatMap((kind) =>
  Object.entries(faults[kind] as Readonly<Record<string, () => Fault>>).map(
    ([name, make]) => [kind, name, make] as const,
  ),
);

const play = async (kind: SimulatorKind, fault: Fault, stream = false) => {
  await using simulator = await startSimulator({ kind });
  simulator.fail(fault);
  return await post(simulator, pathOf[wireOf[kind]], bodyOf(kind, wireOf[kind], stream)).seen;
};

describe("presets", () => {
  it.each(presets)("%s %s is plain data that scripting takes too, and no good answer", async (kind, _name, make) => {
    const fault = make();
    expect(parseFault(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
    for (const stream of [true, false]) {
      const seen = await play(kind, fault, stream);
      expect(seen.text === "" || /error/i.test(seen.text)).toBe(true);
      expect(seen.text).not.toContain("Hello ");
    }
  });

  it.each([
    ["rateLimited with a wait", faults.anthropic.rateLimited({ retryAfter: 7 }), Anthropic.RateLimitError, 429],
    ["overloaded", faults.anthropic.overloaded(), Anthropic.InternalServerError, 529],
    ["creditsExhausted", faults.anthropic.creditsExhausted(), Anthropic.BadRequestError, 400],
    ["unauthenticated", faults.anthropic.unauthenticated(), Anthropic.AuthenticationError, 401],
  ] as const)("anthropic %s is the official client's own error", async (_name, fault, type, status) => {
    await using simulator = await startSimulator({ kind: "anthropic" });
    simulator.fail(fault);
    const client = new Anthropic({ baseURL: simulator.origin, apiKey: "sk-test", maxRetries: 0 });
    const asked = client.messages.create({
      model: modelOf.anthropic,
      max_tokens: 5,
      messages: [{ role: "user", content: "hi" }],
    });
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status });
  });

  it.each([
    ["insufficientQuota", faults.openai.insufficientQuota(), OpenAI.RateLimitError, "insufficient_quota"],
    ["contextLength", faults.openai.contextLength(), OpenAI.BadRequestError, "context_length_exceeded"],
    ["modelNotFound", faults.openai.modelNotFound(), OpenAI.NotFoundError, "model_not_found"],
    ["overloaded", faults.openai.overloaded(), OpenAI.InternalServerError, "server_is_overloaded"],
  ] as const)("openai %s is the official client's own error", async (_name, fault, type, code) => {
    await using simulator = await startSimulator({ kind: "openai" });
    simulator.fail(fault);
    const client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "sk-test", maxRetries: 0 });
    const asked = client.chat.completions.create({
      model: modelOf.openai,
      messages: [{ role: "user", content: "hi" }],
    });
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code });
  });

  it("LM Studio's overflow is a 400 in plain words when whole, and an error event within a 200 when streamed", async () => {
    const fault = faults.lmstudio.contextOverflow({ tokens: 31_430, window: 30_000 });
    const whole = await play("lmstudio", fault);
    expect(whole.status).toBe(400);
    expect(JSON.parse(whole.text).error).toContain("(n_keep: 31430>= n_ctx: 30000)");
    const streamed = await play("lmstudio", fault, true);
    expect(streamed.status).toBe(200);
    expect(eventsOf(streamed.text)[0]).toMatchObject({
      event: "error",
      data: { message: expect.stringContaining("The input has 31430 tokens") },
    });
  });

  it("a compatible server's errors take the envelope of the wire that asks", async () => {
    await using simulator = await startSimulator({ kind: "openai-compatible" });
    simulator.fail(faults["openai-compatible"].contextLength());
    const body = bodyOf("openai-compatible", "messages", false);
    const seen = await post(simulator, pathOf.messages, body).seen;
    expect(JSON.parse(seen.text)).toMatchObject({ type: "error", error: { type: "BadRequestError" } });
  });
});
