import Anthropic from "@anthropic-ai/sdk";
import { type Fault, faults } from "@headgate/simulator";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { hostedGreeting, localGreeting, minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";
import { collect, type OfficialClients, officialClients, ways } from "./harness/official.ts";

const question = [{ role: "user" as const, content: "say hello to me" }];
const parameters = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const weather = { name: "get_weather", description: "Weather of a city." };
const usage = { input: 17, output: 6 };

/** The upstream speaks Messages, or Responses: each client is passed through by one and translated for by the other. */
const models = [
  ["sonnet", hostedGreeting, sonnet],
  ["minimax local", localGreeting, minimax],
] as const;

interface Ask {
  readonly model?: string;
  readonly signal?: AbortSignal;
}

interface Asking {
  readonly name: string;
  /** One request, to the end of its answer. */
  ask(clients: OfficialClients, ask: Ask): Promise<unknown>;
}

const chat = (model = "opus") => ({ model, messages: question });
const responses = (model = "opus") => ({ model, input: "say hello" });
const messages = (model = "opus") => ({ model, messages: question, max_tokens: 100 });

const streaming: readonly Asking[] = [
  {
    name: "openai chat.completions.create, streamed",
    ask: async ({ openai }, { model, ...options }) =>
      collect(await openai.chat.completions.create({ ...chat(model), stream: true }, options)),
  },
  {
    name: "openai chat.completions.stream",
    ask: ({ openai }, { model, ...options }) =>
      openai.chat.completions.stream(chat(model), options).finalChatCompletion(),
  },
  {
    name: "openai responses.create, streamed",
    ask: async ({ openai }, { model, ...options }) =>
      collect(await openai.responses.create({ ...responses(model), stream: true }, options)),
  },
  {
    name: "openai responses.stream",
    ask: ({ openai }, { model, ...options }) => openai.responses.stream(responses(model), options).finalResponse(),
  },
  {
    name: "anthropic messages.create, streamed",
    ask: async ({ anthropic }, { model, ...options }) =>
      collect(await anthropic.messages.create({ ...messages(model), stream: true }, options)),
  },
  {
    name: "anthropic messages.stream",
    ask: ({ anthropic }, { model, ...options }) => anthropic.messages.stream(messages(model), options).finalMessage(),
  },
];

const whole: readonly Asking[] = [
  {
    name: "openai chat.completions.create",
    ask: ({ openai }, { model, ...options }) => openai.chat.completions.create(chat(model), options),
  },
  {
    name: "openai responses.create",
    ask: ({ openai }, { model, ...options }) => openai.responses.create(responses(model), options),
  },
  {
    name: "anthropic messages.create",
    ask: ({ anthropic }, { model, ...options }) => anthropic.messages.create(messages(model), options),
  },
];

const breaks: readonly [how: string, fault: Fault][] = [
  ["is cut", { kind: "cut-after", outputs: 1 }],
  ["ends without its last frames", { kind: "end-after", outputs: 1 }],
  ["stops without a word", { kind: "hang-after", outputs: 1 }],
  ["says that it broke down", { kind: "error-frame", outputs: 1 }],
];

type ErrorClass = "BadRequestError" | "NotFoundError" | "RateLimitError" | "InternalServerError";

const failures: readonly {
  what: string;
  fault?: Fault;
  model: string;
  openai: ErrorClass;
  anthropic: ErrorClass | "PaymentRequiredError" | "OverloadedError";
}[] = [
  { what: "an unknown model", model: "opsu", openai: "NotFoundError", anthropic: "NotFoundError" },
  {
    what: "an overflow",
    model: "opus",
    fault: faults.anthropic.promptTooLong(),
    openai: "BadRequestError",
    anthropic: "BadRequestError",
  },
  {
    what: "a rate limit",
    model: "opus",
    fault: faults.anthropic.rateLimited({ retryAfter: 30 }),
    openai: "RateLimitError",
    anthropic: "RateLimitError",
  },
  {
    what: "an empty account",
    model: "opus",
    fault: faults.anthropic.billing(),
    openai: "RateLimitError",
    anthropic: "PaymentRequiredError",
  },
  {
    what: "an overload",
    model: "opus",
    fault: faults.anthropic.overloaded(),
    openai: "InternalServerError",
    anthropic: "OverloadedError",
  },
  {
    what: "a rejected key of ours",
    model: "opus",
    fault: faults.anthropic.unauthenticated(),
    openai: "InternalServerError",
    anthropic: "InternalServerError",
  },
  {
    what: "garbage",
    model: "opus",
    fault: { kind: "garbage" },
    openai: "InternalServerError",
    anthropic: "InternalServerError",
  },
];

describe.each(ways)("the official clients %s", (way) => {
  const start = async () => {
    const stack = await startHybrid();
    return { ...stack, ...officialClients(stack.gateway, way) };
  };

  describe.each(models)("asking %s", (model, greeting, ref) => {
    it("openai: chat.completions.create", async () => {
      const { openai } = await start();
      const { data, response } = await openai.chat.completions.create({ model, messages: question }).withResponse();
      expect(data.choices).toMatchObject([
        { message: { role: "assistant", content: greeting }, finish_reason: "stop" },
      ]);
      expect(data.usage?.completion_tokens).toBe(3);
      expect(response.headers.get("x-headgate-model")).toBe(ref);
    });

    it("openai: chat.completions.stream", async () => {
      const { openai, hosted, local } = await start();
      for (const backend of [hosted, local]) backend.answer({ text: greeting, usage });
      const stream = openai.chat.completions.stream({
        model,
        messages: question,
        stream_options: { include_usage: true },
      });
      const final = await stream.finalChatCompletion();
      expect(final.choices).toMatchObject([{ message: { content: greeting }, finish_reason: "stop" }]);
      expect(final.usage).toMatchObject({ prompt_tokens: 17, completion_tokens: 6, total_tokens: 23 });
    });

    it("openai: chat tools, called in a stream and answered", async () => {
      const { openai } = await start();
      const tools = [{ type: "function" as const, function: { ...weather, parameters } }];
      const request = { model, tools, tool_choice: "required" as const };
      const first = openai.chat.completions.stream({ ...request, messages: question });
      const message = (await first.finalChatCompletion()).choices[0]?.message;
      const [call] = message?.tool_calls ?? [];
      expect(call).toMatchObject({
        type: "function",
        function: { name: "get_weather", arguments: '{"city":"example"}' },
      });
      const messages = [
        ...question,
        { role: "assistant" as const, content: null, tool_calls: message?.tool_calls ?? [] },
        { role: "tool" as const, tool_call_id: call?.id ?? "", content: "sunny" },
      ];
      const second = await openai.chat.completions.create({ ...request, messages });
      expect(second.choices[0]?.message.content).toBe(greeting);
    });

    it("openai: responses.create", async () => {
      const { openai } = await start();
      const response = await openai.responses.create({ model, input: "say hello", instructions: "Be brief." });
      expect(response).toMatchObject({ output_text: greeting, status: "completed", usage: { output_tokens: 3 } });
    });

    it("openai: responses.stream", async () => {
      const { openai } = await start();
      const stream = openai.responses.stream({ model, input: "say hello" });
      const types = (await collect(stream)).map(({ type }) => type);
      expect(types[0]).toBe("response.created");
      expect(types.at(-1)).toBe("response.completed");
      expect((await stream.finalResponse()).output_text).toBe(greeting);
    });

    it("openai: responses tools, called in a stream and answered", async () => {
      const { openai } = await start();
      const tools = [{ type: "function" as const, ...weather, parameters, strict: null }];
      const request = { model, tools, tool_choice: "required" as const };
      const first = await openai.responses.stream({ ...request, input: "weather?" }).finalResponse();
      // With what the client's parser adds to a call: clients send it back as it is.
      const calls = first.output.filter((item) => item.type === "function_call");
      const [call] = calls;
      expect(call).toMatchObject({ name: "get_weather", arguments: '{"city":"example"}' });
      const result = { type: "function_call_output" as const, call_id: call?.call_id ?? "", output: "sunny" };
      const second = await openai.responses.create({
        ...request,
        input: [{ role: "user", content: "weather?" }, ...calls, result],
      });
      expect(second.output_text).toBe(greeting);
    });

    it("anthropic: messages.create", async () => {
      const { anthropic } = await start();
      const message = await anthropic.messages.create({ model, max_tokens: 100, messages: question });
      expect(message).toMatchObject({
        content: [{ type: "text", text: greeting }],
        stop_reason: "end_turn",
        usage: { output_tokens: 3 },
      });
    });

    it("anthropic: messages.stream", async () => {
      const { anthropic, hosted, local } = await start();
      for (const backend of [hosted, local]) backend.answer({ text: greeting, usage });
      const stream = anthropic.messages.stream({ model, max_tokens: 100, messages: question });
      expect(await stream.finalText()).toBe(greeting);
      expect((await stream.finalMessage()).usage).toMatchObject({ input_tokens: 17, output_tokens: 6 });
    });

    it("anthropic: tools, called in a stream and answered", async () => {
      const { anthropic } = await start();
      const tools = [{ ...weather, input_schema: parameters }];
      const request = { model, max_tokens: 100, tools, tool_choice: { type: "any" as const } };
      const first = await anthropic.messages.stream({ ...request, messages: question }).finalMessage();
      const call = first.content.find((block) => block.type === "tool_use");
      expect(call).toMatchObject({ name: "get_weather", input: { city: "example" } });
      const result = { type: "tool_result" as const, tool_use_id: call?.id ?? "", content: "sunny" };
      const second = await anthropic.messages.create({
        ...request,
        messages: [...question, { role: "assistant", content: first.content }, { role: "user", content: [result] }],
      });
      expect(second.content).toMatchObject([{ type: "text", text: greeting }]);
    });
  });

  it("list the models", async () => {
    const { openai, anthropic } = await start();
    const ids = (await collect(openai.models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["Sonnet", "Opus", "MiniMax Local", opus]));
    expect((await collect(anthropic.models.list())).map(({ id }) => id)).toEqual(ids);
    expect(await openai.models.retrieve(opus)).toMatchObject({ id: opus, object: "model" });
    expect(await anthropic.models.retrieve("sonnet")).toMatchObject({ id: "Sonnet", type: "model" });
  });

  it.each([...streaming, ...whole])("$name: aborted, the backend is cancelled", async ({ ask }) => {
    const stack = await start();
    stack.hosted.fail({ kind: "endless", delayMs: 1 });
    const leaving = new AbortController();
    const asked = ask(stack, { signal: leaving.signal }).then(
      () => "a clean end",
      (error: Error) => error.constructor.name,
    );
    await stack.hosted.waitFor(({ wire }) => wire === "messages");
    const closed = stack.hosted.nextClose();
    leaving.abort();
    await closed;
    // The clients end a stream that its own user has aborted without an error.
    expect(await asked).toMatch(/^(APIUserAbortError|a clean end)$/);
    expect(stack.local.requests).toEqual([]);
  });

  it.each(streaming.flatMap((one) => breaks.map(([how, fault]) => ({ ...one, how, fault }))))(
    "$name: throws when the answer $how after its first output",
    async ({ ask, fault }) => {
      const stack = await startHybrid({ settings: { "models.providers.anthropic.timeouts.idle": "60ms" } });
      stack.hosted.answer({ text: ["One ", "two ", "three."] });
      stack.hosted.fail(fault);
      await expect(ask(officialClients(stack.gateway, way), {})).rejects.toThrow(/\w/);
      expect(stack.local.requests).toEqual([]);
    },
  );

  it.each(streaming.flatMap((one) => breaks.map(([how, fault]) => ({ ...one, how, fault }))))(
    "$name: throws when the translated answer of the local model $how",
    async ({ ask, fault }) => {
      const stack = await startHybrid({
        environment: {},
        settings: { "models.providers.lmstudio.timeouts.idle": "60ms" },
      });
      stack.local.answer({ text: ["One ", "two ", "three."] });
      stack.local.fail(fault);
      await expect(ask(officialClients(stack.gateway, way), {})).rejects.toThrow(/\w/);
    },
  );

  it.each([...streaming, ...whole].flatMap((one) => failures.map((failure) => ({ ...one, ...failure }))))(
    "$name: $what is its own $openai / $anthropic",
    async ({ ask, fault, name, openai, anthropic, model }) => {
      const stack = await start();
      if (fault !== undefined) stack.hosted.fail(fault);
      const error = await ask(stack, { model }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(name.startsWith("openai") ? OpenAI[openai] : Anthropic[anthropic]);
      expect((error as Error).message).toMatch(/^\d{3} /);
    },
  );
});

describe("the official clients over HTTP", () => {
  it.each([...streaming, ...whole])("$name: a wrong key is an AuthenticationError", async ({ ask, name }) => {
    const { gateway } = await startHybrid({ settings: { "gateway.keys": ["sk-headgate"] } });
    const client = name.startsWith("openai") ? OpenAI : Anthropic;
    const wrong = ask(officialClients(gateway, "over HTTP", "sk-wrong"), {});
    await expect(wrong).rejects.toBeInstanceOf(client.AuthenticationError);
    await expect(ask(officialClients(gateway, "over HTTP", "sk-headgate"), {})).resolves.toBeDefined();
  });

  it.each([...streaming, ...whole])("$name: a gateway that is gone is an APIConnectionError", async ({ ask, name }) => {
    const { gateway } = await startHybrid();
    const clients = officialClients(gateway, "over HTTP");
    await gateway.close();
    const client = name.startsWith("openai") ? OpenAI : Anthropic;
    await expect(ask(clients, {})).rejects.toBeInstanceOf(client.APIConnectionError);
  });
});
