import { describe, expect, it } from "vitest";
import { type Simulator, type SimulatorKind, type SimWire, startSimulator } from "../index.ts";
import { bodyOf, eventsOf, pathOf, post } from "../testing/post.ts";

const tail = async (kind: SimulatorKind, wire: SimWire, frames = 2) => {
  await using simulator: Simulator = await startSimulator({ kind });
  simulator.fail({ kind: "error-frame", frames });
  const seen = await post(simulator, pathOf[wire], bodyOf(kind, wire, true)).seen;
  expect(seen).toMatchObject({ status: 200, whole: true });
  return eventsOf(seen.text).slice(frames);
};

const whole = async (kind: SimulatorKind, wire: SimWire) => {
  await using simulator: Simulator = await startSimulator({ kind });
  simulator.fail({ kind: "error-frame", frames: 2 });
  return await post(simulator, pathOf[wire], bodyOf(kind, wire, false)).seen;
};

describe("an error in the middle of a stream", () => {
  it("is Anthropic's overloaded_error event, and the stream ends", async () => {
    expect(await tail("anthropic", "messages")).toEqual([
      {
        event: "error",
        data: {
          type: "error",
          error: { type: "overloaded_error", message: "Overloaded" },
          request_id: expect.stringMatching(/^req_01/),
        },
      },
    ]);
  });

  it.each(["chat", "responses", "messages"] as const)(
    "is LM Studio's frame with the message twice on %s",
    async (wire) => {
      const message = "The model has crashed without additional information. (Exit code: 1)";
      expect(await tail("lmstudio", wire)).toEqual([{ event: "error", data: { error: { message }, message } }]);
    },
  );

  it("is an unnamed frame and [DONE] on a compatible server's chat, with a numeric code", async () => {
    expect(await tail("openai-compatible", "chat")).toEqual([
      { event: undefined, data: { error: expect.objectContaining({ type: "InternalServerError", code: 500 }) } },
      { event: undefined, data: "[DONE]" },
    ]);
  });

  it("is an unnamed frame without [DONE] on OpenAI's chat", async () => {
    expect(await tail("openai", "chat")).toEqual([
      { event: undefined, data: { error: expect.objectContaining({ type: "server_error" }) } },
    ]);
  });

  it.each(["chat", "responses"] as const)(
    "is LiteLLM's unnamed frame without [DONE] on %s, its code as text",
    async (wire) => {
      expect(await tail("litellm", wire)).toEqual([
        { event: undefined, data: { error: expect.objectContaining({ type: "internal_server_error", code: "500" }) } },
      ]);
    },
  );

  it("is LiteLLM's error event in Anthropic's words on Messages", async () => {
    expect(await tail("litellm", "messages")).toEqual([
      { event: "error", data: { type: "error", error: expect.objectContaining({ type: "api_error" }) } },
    ]);
  });

  it("is a flat error event, then response.failed, on OpenAI's Responses, and the numbers go on", async () => {
    const message = "The server had an error while processing your request. Sorry about that!";
    expect(await tail("openai", "responses", 3)).toMatchObject([
      { event: "error", data: { type: "error", code: "server_error", message, param: null, sequence_number: 3 } },
      {
        event: "response.failed",
        data: { sequence_number: 4, response: { status: "failed", error: { code: "server_error", message } } },
      },
    ]);
  });

  it.each([
    ["anthropic", "messages", 529],
    ["openai", "chat", 500],
    ["openai", "responses", 500],
    ["openai-compatible", "chat", 500],
    ["lmstudio", "chat", 500],
    ["vllm", "chat", 500],
    ["litellm", "responses", 500],
  ] as const)("is %s's error with its status on a whole %s answer", async (kind, wire, status) => {
    expect((await whole(kind, wire)).status).toBe(status);
  });

  it("says what it is told to say", async () => {
    await using simulator = await startSimulator({ kind: "anthropic" });
    simulator.fail({ kind: "error-frame", outputs: 1, error: { type: "api_error", message: "It broke." } });
    const seen = await post(simulator, pathOf.messages, bodyOf("anthropic", "messages", true)).seen;
    expect(seen.text).toContain("Hello ");
    expect(eventsOf(seen.text).at(-1)?.data).toMatchObject({ error: { type: "api_error", message: "It broke." } });
  });
});
