import { type Answer, type Fault, faults, type SimModel, startSimulator } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { ask } from "./harness/ask.ts";
import { type Conversation, dialects } from "./harness/dialects/index.ts";
import { at, textAt } from "./harness/json.ts";
import { recorded, shapeOf } from "./harness/recorded.ts";
import { forms, hear, type ReserveOptions, spare, spareWords, startWithReserve } from "./harness/reserve.ts";
import type { Stack } from "./harness/stack.ts";

const ref = "vllm/my-model";

interface Setup extends ReserveOptions {
  readonly model?: Partial<SimModel>;
  readonly key?: string;
}

/** vLLM, and another server in reserve for it. */
const start = ({ model, key, ...options }: Setup = {}): Promise<Stack<"vllm" | "reserve">> =>
  startWithReserve(
    ref,
    {
      kind: "vllm",
      models: [{ id: "my-model", ...model }, { id: "my-lora" }, { id: "embedder", type: "embeddings" }],
      ...(key === undefined ? {} : { key }),
    },
    options,
  );

const calls = { toolCalls: [{ name: "get_weather", arguments: ['{"city":', ' "Paris"}'] }] };
const think = { reasoning: ["\nLet me ", "ponder.\n"] };
const withTool: Conversation = { turns: [{ role: "user", text: "The weather?" }], tools: ["get_weather"] };

describe("a simulated vLLM", () => {
  it.each<[name: string, fault?: Fault]>([
    ["chat-missing-model"],
    ["responses-missing-model"],
    ["messages-missing-model"],
    ["chat-max-tokens-too-large"],
    ["chat-max-completion-tokens-too-large"],
    ["messages-max-tokens-too-large"],
    ["responses-max-output-tokens-too-large"],
    ["chat-image"],
    ["messages-image"],
    ["chat-malformed-json"],
    ["chat-no-messages"],
    ["chat-empty-tools"],
    ["chat-lone-tool-choice"],
    ["responses-previous-missing"],
    ["embeddings"],
    ["chat-wrong-key"],
    ["messages-wrong-key"],
    ["chat-bad-schema", faults.vllm.badSchema()],
    ["chat-no-tool-parser", faults.vllm.toolsOff()],
    ["messages-no-tool-parser", faults.vllm.toolsOff()],
    ["chat-no-tool-parser-required", faults.vllm.toolsOffRequired()],
  ])("answers as the real one did: %s", async (name, fault) => {
    const { path, sent, reply } = recorded(`vllm-0.32.0-${name}`);
    await using vllm = await startSimulator({
      kind: "vllm",
      models: [{ id: "think-tool", contextWindow: 2048 }],
      ...(name.endsWith("wrong-key") ? { key: "sk-vllm" } : {}),
    });
    if (fault !== undefined) vllm.fail(fault);
    const { status, json } = await ask(vllm.origin + path, { body: sent ?? '{"model":' });
    expect({ status, json }).toEqual({ status: reply.status, json: reply.body });
  });

  it.each([
    ["chat-overflow", { messages: [{ role: "user", content: "word ".repeat(3000) }], max_tokens: 8 }],
    ["messages-overflow", { messages: [{ role: "user", content: "word ".repeat(3000) }], max_tokens: 8 }],
    ["responses-overflow", { input: "word ".repeat(3000) }],
    ["messages-count-tokens-overflow", { messages: [{ role: "user", content: "word ".repeat(3000) }] }],
  ])("stops counting where the real one did: %s", async (name, body) => {
    const { path, reply } = recorded(`vllm-0.32.0-${name}`);
    await using vllm = await startSimulator({ kind: "vllm", models: [{ id: "think-tool", contextWindow: 2048 }] });
    const { status, json } = await ask(vllm.origin + path, { body: { model: "think-tool", ...body } });
    expect({ status, json }).toEqual({ status: reply.status, json: reply.body });
  });

  it.each(["tokenize", "tokenize-chat"])("counts without a key, as the real one did: %s", async (name) => {
    const { path, sent, reply } = recorded(`vllm-0.32.0-${name}`);
    const models = [{ id: "think-tool", contextWindow: 2048 }];
    await using vllm = await startSimulator({ kind: "vllm", models, key: "sk-vllm" });
    const { status, text } = await ask(vllm.origin + path, { body: sent });
    expect(status).toBe(200);
    expect(shapeOf(text)).toEqual(shapeOf(reply.text));
  });

  it.each<[name: string, answer: Answer]>([
    ["chat", { ...think, text: ["It ", "is four."] }],
    ["chat-stream", { ...think, text: ["It ", "is four."] }],
    ["chat-tools", { ...think, ...calls }],
    ["chat-tools-stream", { ...think, ...calls }],
    ["messages-stream", { ...think, ...calls }],
    ["messages-tools-stream", { ...think, ...calls }],
    ["responses", { ...think, text: ["It ", "is four."] }],
    ["responses-stream", { ...think, text: ["It ", "is four."] }],
    ["responses-tools-stream", { ...think, ...calls }],
    ["messages-count-tokens", {}],
  ])("says all that the real one said, and nothing else: %s", async (name, answer) => {
    const { path, sent, reply } = recorded(`vllm-0.32.0-${name}`);
    await using vllm = await startSimulator({ kind: "vllm", models: [{ id: "think-tool", contextWindow: 2048 }] });
    vllm.answer(answer);
    const { status, text } = await ask(vllm.origin + path, { body: sent });
    expect(status).toBe(200);
    expect(shapeOf(text)).toEqual(shapeOf(reply.text));
  });
});

describe.each(textWires)("vLLM, asked by a client of %s", (client) => {
  const { readWhole, readStream } = dialects[client];

  it.each(forms)("answers on chat, %s", async (_, stream) => {
    const { vllm, gateway } = await start();
    const reply = await gateway.say(client, { stream });
    const said = stream ? readStream(reply.events) : readWhole(reply.json);
    expect(said).toMatchObject({ text: "Hello from vllm/my-model.", finish: "stop" });
    expect(vllm.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions"]);
    expect(reply.headers).toMatchObject({ "x-headgate-place": "local", "x-headgate-attempts": `${ref}:ok` });
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
  });

  it.each(forms)("hears its `reasoning` apart from the text, %s", async (_, stream) => {
    const { vllm, gateway } = await start();
    vllm.answer({ ...think, text: ["It ", "is four."] });
    const reply = await gateway.say(client, { stream });
    const said = stream ? readStream(reply.events) : readWhole(reply.json);
    expect(said).toMatchObject({ text: "It is four.", finish: "stop" });
    expect(reply.text).toContain("ponder.");
  });

  it.each(forms)("takes its thoughts out of the text, calls a tool and answers the result, %s", async (_, stream) => {
    const { vllm, gateway } = await start();
    vllm.answerNext({ text: "<think>Hm.</think>", ...calls }, { text: "It is sunny." });
    const first = await gateway.say(client, { stream, conversation: withTool });
    const asked = stream ? readStream(first.events) : readWhole(first.json);
    expect(asked.calls).toMatchObject([{ name: "get_weather", arguments: { city: "Paris" } }]);
    expect(asked.text.trim()).toBe("");
    const results = asked.calls.map(({ id }) => ({ id, output: "sunny" }));
    const turns = [...withTool.turns, { role: "calls", calls: asked.calls }, { role: "results", results }] as const;
    const second = await gateway.say(client, { stream, conversation: { ...withTool, turns } });
    expect((stream ? readStream(second.events) : readWhole(second.json)).text).toBe("It is sunny.");
  });

  it.each(forms)("is asked once more with a limit that fits, %s", async (_, stream) => {
    const { vllm, gateway } = await start({ model: { contextWindow: 2048 } });
    const conversation = { turns: [{ role: "user", text: "hi" }], maxTokens: 32_000 } as const;
    const reply = await gateway.say(client, { stream, conversation });
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:unsupported,${ref}:ok`);
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
    expect(dialects.chat.readRequest(vllm.requests.at(-1)?.body).maxTokens).toBe(2048);
  });
});

/** What vLLM says, and who is asked then. */
const failures: readonly [name: string, fault: Fault, attempts: string][] = [
  ["an overflow", faults.vllm.contextLength(), "context_overflow"],
  ["a limit beyond every window", faults.vllm.maxTokensTooLarge({ maximum: 1 }), "unsupported unsupported"],
  ["no tool parser", faults.vllm.toolsOff(), "unsupported"],
  ["no tool parser for a demand", faults.vllm.toolsOffRequired(), "unsupported"],
  ["a model without eyes", faults.vllm.notMultimodal(), "unsupported"],
  ["a grammar that it cannot make", faults.vllm.badSchema(), "unsupported"],
  ["an unknown model", faults.vllm.modelNotFound(), "model_missing"],
  ["a wrong key", faults.vllm.unauthenticated(), "unauthenticated"],
  ["a dying engine", faults.vllm.serverError(), "bad_answer bad_answer"],
  ["a dying engine in its stream", { kind: "error-frame", outputs: 0 }, "bad_answer bad_answer"],
];

describe.each(failures)("after %s", (_, fault, attempts) => {
  it.each(textWires.flatMap((client) => forms.map(([form, stream]) => [client, form, stream] as const)))(
    "another server answers a client of %s, %s",
    async (client, _form, stream) => {
      const { vllm, gateway } = await start();
      vllm.fail(fault);
      const heard = await hear(gateway, client, stream);
      expect(heard.text).toBe(spareWords);
      const failed = attempts.split(" ").map((kind) => `${ref}:${kind}`);
      expect(heard.attempts).toBe([...failed, `${spare}:ok`].join(","));
    },
  );
});

describe("vLLM", () => {
  it("that still starts is unreachable, and is asked again as soon as its port is open", async () => {
    const { vllm, gateway } = await start();
    const attempts = async () => (await gateway.say("chat")).headers["x-headgate-attempts"];
    await vllm.refuse();
    expect(await attempts()).toBe(`${ref}:unreachable,${spare}:ok`);
    await vllm.listen();
    expect(await attempts()).toBe(`${ref}:ok`);
  });

  it.each(forms)("that sleeps answers nothing: a clock tells, %s", async (_, stream) => {
    const row = { timeouts: { firstOutput: "60ms", whole: "60ms" } };
    const { gateway } = await start({ model: { loaded: false }, row });
    const reply = await gateway.say("chat", { stream });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:timeout,${spare}:ok`);
  });

  it("names the two flags to a client that nobody else can help", async () => {
    const { vllm, gateway } = await start();
    vllm.fail(faults.vllm.toolsOff());
    const reply = await gateway.say("chat", { model: ref, conversation: withTool });
    expect(reply.status).toBe(400);
    expect(textAt(reply.json, "error", "message")).toMatch(/--enable-auto-tool-choice.*--tool-call-parser/);
  });

  it("is not the last word for an input that is longer than its window, and tells how large that is", async () => {
    const { vllm, gateway } = await start({ model: { contextWindow: 16 } });
    const conversation = { turns: [{ role: "user", text: "word ".repeat(40) }], maxTokens: 8 } as const;
    const reply = await gateway.say("messages", { conversation });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:context_overflow,${spare}:ok`);
    const alone = await gateway.say("messages", { model: ref, conversation });
    expect(textAt(alone.json, "error", "message")).toMatch(
      /^prompt is too long: .*maximum context length is 16 tokens/,
    );
    expect(vllm.requests).toHaveLength(2);
  });

  it.each<[api: string, wire: TextWire, limit: string]>([
    ["anthropic-messages", "messages", "max_tokens"],
    ["openai-responses", "responses", "max_output_tokens"],
  ])("is asked on %s where its row says so, and there too with a limit that fits", async (api, wire, limit) => {
    const { vllm, gateway } = await start({ model: { contextWindow: 2048 }, row: { api } });
    const conversation = { turns: [{ role: "user", text: "hi" }], maxTokens: 32_000 } as const;
    for (const client of textWires) {
      const reply = await gateway.say(client, { conversation });
      expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:unsupported,${ref}:ok`);
      expect(vllm.requests.at(-1)).toMatchObject({ path: dialects[wire].path, body: { [limit]: 2048 } });
    }
  });

  it("gets the keys of its own as they are, and tools that are none not at all", async () => {
    const { vllm, gateway } = await start();
    const own = { priority: 3, top_k: 5, chat_template_kwargs: { enable_thinking: false }, cache_salt: "s" };
    const messages = [{ role: "user", content: "hi" }];
    const body = { model: ref, messages, ...own, tools: [], tool_choice: "auto" };
    expect((await gateway.ask("/v1/chat/completions", { body })).status).toBe(200);
    expect(vllm.requests[0]?.body).toEqual({ model: "my-model", messages, ...own });
  });

  it("may call a model by another of its names, which is no cause for a warning", async () => {
    const { vllm, gateway } = await start();
    vllm.answer({ text: "Hi.", model: "its-first-name" });
    const reply = await gateway.say("chat");
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
    expect(gateway.receipts[0]?.servedModel).toBe("its-first-name");
  });

  it("counts on its Messages wire, though answers are asked on another, and at /tokenize where its row leaves that out", async () => {
    const body = { model: ref, messages: [{ role: "user", content: "say hello to me" }] };
    const options = { body, headers: dialects.messages.headers };
    const { vllm, gateway } = await start();
    const counted = await gateway.ask("/v1/messages/count_tokens", options);
    expect(counted.json).toEqual({ input_tokens: 4, context_management: { original_input_tokens: 4 } });
    expect(vllm.requests[0]?.path).toBe("/v1/messages/count_tokens");
    const plain = await start({ row: { api: "openai-completions" } });
    const tokenized = await plain.gateway.ask("/v1/messages/count_tokens", options);
    expect(tokenized.json).toEqual({ input_tokens: 4 });
    expect(tokenized.headers["x-headgate-estimated"]).toBeUndefined();
    expect(plain.vllm.requests).toMatchObject([{ path: "/tokenize", body: { model: "my-model", messages: [{}] } }]);
    const neither = await start({ row: { api: "openai-responses" } });
    const estimated = await neither.gateway.ask("/v1/messages/count_tokens", options);
    expect(estimated.headers["x-headgate-estimated"]).toBe("1");
  });

  it.each<[client: TextWire, path: string]>([
    ["messages", "/v1/messages/count_tokens"],
    ["chat", "/tokenize"],
    ["responses", "/tokenize"],
  ])("counts for a client of %s what no estimate can judge, though it is asked on chat", async (client, counted) => {
    const row = { models: [{ id: "my-model", contextWindow: 20_000 }] };
    // Words are what the simulated server counts, and bytes what is estimated.
    for (const [word, attempts, asked] of [
      ["word ", `${ref}:ok`, [counted, "/v1/chat/completions"]],
      ["a ", `${spare}:ok`, [counted]],
    ] as const) {
      const { vllm, gateway } = await start({ row });
      const conversation = { turns: [{ role: "user", text: word.repeat(75_000 / word.length) }] } as const;
      const reply = await gateway.say(client, { conversation, stream: true });
      expect(reply.headers["x-headgate-attempts"]).toBe(attempts);
      expect(vllm.requests.map(({ path }) => path)).toEqual(asked);
    }
  });

  it("embeds and completes", async () => {
    const { gateway } = await start();
    const vectors = await gateway.ask("/v1/embeddings", { body: { model: "vllm/embedder", input: "hi" } });
    expect(at(vectors.json, "data", 0, "embedding")).toEqual(expect.any(Array));
    const rest = await gateway.ask("/v1/completions", { body: { model: ref, prompt: "hi" } });
    expect(at(rest.json, "choices", 0, "text")).toBe("Hello from vllm/my-model.");
  });

  it("is shown the key of the environment on loopback, as a bearer", async () => {
    const { vllm, gateway } = await start({ key: "sk-vllm", environment: { VLLM_API_KEY: "sk-vllm" } });
    expect((await gateway.say("chat")).headers["x-headgate-attempts"]).toBe(`${ref}:ok`);
    expect(vllm.requests[0]?.headers.authorization).toBe("Bearer sk-vllm");
  });

  it.each([
    [{}, "loaded"],
    [{ loaded: true }, "loaded"],
    [{ loaded: false }, "not-loaded"],
  ] as const)("lists its names and adapters with their window (%j)", async (model, state) => {
    const { vllm, gateway } = await start({ model: { ...model, contextWindow: 2048 } });
    const models = await gateway.router.providers.get("vllm")?.provider?.models?.(async (url) => {
      const { status, headers, json, text } = await ask(url);
      return { status, headers, json, text };
    }, []);
    expect(models).toEqual([
      { id: "my-model", contextWindow: 2048, ownedBy: "vllm", state },
      { id: "my-lora", name: "my-lora (adapter of my-model)", contextWindow: 2048, ownedBy: "vllm", state },
      { id: "embedder", name: "embedder (adapter of my-model)", contextWindow: 2048, ownedBy: "vllm", state },
    ]);
    expect(vllm.requests.map(({ path }) => path)).toEqual(["/v1/models", "/is_sleeping"]);
  });
});
