import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { at } from "./harness/json.ts";
import { officialClients } from "./harness/official.ts";
import { startStack } from "./harness/stack.ts";

/** Anthropic's newest models hold a conversation between its turns; 4.5 does not, and no other server knows of it. */
const newest: Upstream = { kind: "anthropic", wire: "messages", exact: true, model: "claude-opus-5-5" };

const start = async ({ kind, wire, model }: Upstream) => {
  const stack = await startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));
  return { ...stack, ...officialClients(stack.gateway, "over HTTP") };
};

const question = { role: "user" as const, content: "What is the weather in Rome?" };
const params = { model: "default", max_tokens: 1000 };

const tool = betaZodTool({
  name: "get_weather",
  description: "Weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  run: ({ city }) => `${city}: 21`,
});

const calling = { toolCalls: [{ name: "get_weather", arguments: { city: "Rome" } }] };

describe.each([...upstreams, newest])("Anthropic's runner of tools, over $wire of $kind ($model)", (upstream) => {
  it("has the model see the whole conversation, whoever holds it", async () => {
    const { backend, anthropic } = await start(upstream);
    backend.answerNext(calling, calling, { text: "21 degrees." });
    const runner = anthropic.beta.messages.toolRunner({ ...params, messages: [question], tools: [tool] });
    expect((await runner.runUntilDone()).content).toMatchObject([{ type: "text", text: "21 degrees." }]);
    const answered = backend.requests.filter(({ status }) => status === 200);
    expect(answered).toHaveLength(3);
    const last = answered.at(-1);
    if (upstream.model === newest.model) {
      expect(last?.body).toMatchObject({ thread: { type: "continue" }, messages: [{ role: "user" }] });
      return;
    }
    expect(last?.body).not.toHaveProperty("thread");
    const { turns } = dialects[upstream.wire].readRequest(last?.body);
    expect(turns.map(({ role }) => role)).toEqual(["user", "calls", "results", "calls", "results"]);
  });
});

describe.each(upstreams.filter(({ kind }) => kind !== "anthropic"))("a thread over $wire of $kind", (upstream) => {
  it("goes on, as it is told again from its beginning", async () => {
    const { backend, gateway, anthropic } = await start(upstream);
    backend.answerNext({ text: "Ask me." }, { text: "21 degrees." });
    const thread = anthropic.beta.messages.thread(params);
    await thread.send(question);
    const second = await thread.send({ role: "user", content: "And now?" });
    expect(second.content).toMatchObject([{ type: "text", text: "21 degrees." }]);
    const { turns } = dialects[upstream.wire].readRequest(backend.requests.at(-1)?.body);
    expect(turns).toEqual([
      { role: "user", text: question.content },
      { role: "assistant", text: "Ask me." },
      { role: "user", text: "And now?" },
    ]);
    // The end of a conversation alone was sent to nobody.
    expect(backend.requests).toHaveLength(2);
    expect(gateway.receipts.map(({ outcome }) => outcome)).toEqual(["ok", "failed", "ok"]);
  });
});

describe("a request that goes on from a thread", () => {
  const goingOn = {
    max_tokens: 99,
    thread: { type: "continue", previous_message_id: "msg_01" },
    messages: [{ role: "user", content: "And now?" }],
  };

  it("is refused in words that its client acts on, where nobody holds one", async () => {
    const { backend, gateway } = await start({
      kind: "lmstudio",
      wire: "messages",
      exact: true,
      model: "minimax-m2.1-gs32",
    });
    const reply = await gateway.ask("/v1/messages", { body: goingOn });
    expect(reply.status).toBe(400);
    expect(at(reply.json, "error", "details")).toEqual({ error_code: "thread_not_found" });
    expect(backend.requests).toEqual([]);
  });

  it("is asked of Anthropic, whose own refusal reaches the client with all that it acts on", async () => {
    const { backend, gateway } = await start(newest);
    const reply = await gateway.ask("/v1/messages", { body: goingOn });
    expect(backend.requests).toHaveLength(1);
    expect(at(reply.json, "error", "details")).toEqual({ error_code: "thread_not_found" });
  });

  it("is never answered by another candidate, to which it would be the end of a conversation it never heard", async () => {
    const { hosted, local, gateway } = await startStack(
      { hosted: { kind: "anthropic" }, local: { kind: "lmstudio" } },
      ({ hosted, local }) => ({
        config: {
          agents: {
            defaults: { model: { primary: `anthropic/${newest.model}`, fallbacks: ["lmstudio/minimax-m2.1-gs32"] } },
          },
          models: {
            providers: {
              anthropic: { baseUrl: hosted.baseUrl, apiKey: "k" },
              lmstudio: { baseUrl: local.baseUrl },
            },
          },
        },
      }),
    );
    hosted.fail({ kind: "status", status: 529 });
    const reply = await gateway.ask("/v1/messages", { body: goingOn });
    expect(reply.status).toBe(529);
    expect(local.requests).toEqual([]);
  });
});
