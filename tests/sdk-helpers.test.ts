import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import type { Answer, Simulator } from "@headgate/simulator";
import { zodFunction, zodResponseFormat, zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { at, listAt } from "./harness/json.ts";
import { type OfficialClients, officialClients } from "./harness/official.ts";
import { startStack } from "./harness/stack.ts";

const start = async ({ kind, wire, model }: Upstream) => {
  const stack = await startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}`, models: { [`${kind}/${model}`]: { alias: "assistant" } } } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));
  return { ...stack, ...officialClients(stack.gateway, "over HTTP") };
};

const model = "assistant";
const question = [{ role: "user" as const, content: "What is the weather in Rome?" }];
const max_tokens = 1000;

const Weather = z.object({ city: z.string(), degrees: z.number() });
const weather = { city: "Rome", degrees: 21 };
const City = z.object({ city: z.string() });
const usage = { input: 17, output: 6 };

/** A text, and two calls beside each other. */
const calling: Answer = {
  text: ["Let me ", "look."],
  toolCalls: [
    { name: "get_weather", arguments: ['{"city"', ':"Rome"}'] },
    { name: "get_weather", arguments: { city: "Oslo" } },
  ],
  usage,
};

/** An object as the model writes it: as text, or as the arguments of the tool that stands in for it. */
const structured = (request: { readonly body: unknown }): Answer => {
  const [tool] = listAt(request.body, "tools");
  const asked = at(request.body, "response_format") ?? at(request.body, "text") ?? at(request.body, "output_config");
  const stands = asked === undefined && tool !== undefined;
  return stands
    ? { toolCalls: [{ name: String(at(tool, "name")), arguments: weather }], usage }
    : { text: JSON.stringify(weather), usage };
};

/** Only what an answer says, without ids, times, names of models and what servers add of their own. */
const essentials = {
  chat: (completion: unknown) => ({
    choices: listAt(completion, "choices").map((choice) => ({
      finish: at(choice, "finish_reason"),
      text: at(choice, "message", "content") || null,
      calls: listAt(choice, "message", "tool_calls").map((call) => at(call, "function")),
      parsed: at(choice, "message", "parsed") ?? null,
    })),
    input: at(completion, "usage", "prompt_tokens"),
    output: at(completion, "usage", "completion_tokens"),
  }),
  responses: (response: unknown) => ({
    status: at(response, "status"),
    output: listAt(response, "output").map((item) => ({
      type: at(item, "type"),
      ...(at(item, "type") === "message"
        ? { text: at(item, "content", 0, "text"), parsed: at(item, "content", 0, "parsed") ?? null }
        : { name: at(item, "name"), arguments: at(item, "arguments"), parsed: at(item, "parsed_arguments") }),
    })),
    text: at(response, "output_text"),
    parsed: at(response, "output_parsed") ?? null,
    input: at(response, "usage", "input_tokens"),
    output_tokens: at(response, "usage", "output_tokens"),
  }),
  messages: (message: unknown) => ({
    content: listAt(message, "content").map((block) => ({
      type: at(block, "type"),
      text: at(block, "text"),
      name: at(block, "name"),
      input: at(block, "input"),
    })),
    stop: at(message, "stop_reason"),
    parsed: at(message, "parsed_output") ?? null,
    input: at(message, "usage", "input_tokens"),
    output: at(message, "usage", "output_tokens"),
  }),
};

type Client = OfficialClients;

interface Helper {
  readonly name: string;
  /** What the model says, in order. */
  readonly answers: readonly (Answer | ((request: { readonly body: unknown }) => Answer))[];
  run(clients: Client): Promise<unknown>;
  readonly expected: unknown;
}

const chatTool = () => zodFunction({ name: "get_weather", parameters: City });
const responsesTool = () => zodResponsesFunction({ name: "get_weather", parameters: City });
const messagesTool = {
  name: "get_weather",
  input_schema: { type: "object" as const, properties: { city: { type: "string" } } },
};

/** Tools that run, and what they were called with. */
const spied = (seen: unknown[]) => ({
  chat: zodFunction({
    name: "get_weather",
    parameters: City,
    function: ({ city }) => {
      seen.push(city);
      return `${city}: 21`;
    },
  }),
  messages: betaZodTool({
    name: "get_weather",
    description: "Weather of a city.",
    inputSchema: City,
    run: ({ city }) => {
      seen.push(city);
      return `${city}: 21`;
    },
  }),
});

const parsedCall = (city: string, whole: boolean) => ({
  name: "get_weather",
  arguments: `{"city":"${city}"}`,
  ...(whole ? { parsed_arguments: { city } } : {}),
});

const chatObject = {
  choices: [{ finish: "stop", text: JSON.stringify(weather), calls: [], parsed: weather }],
  input: 17,
  output: 6,
};
const responsesObject = {
  status: "completed",
  output: [{ type: "message", text: JSON.stringify(weather), parsed: weather }],
  text: JSON.stringify(weather),
  parsed: weather,
  input: 17,
  output_tokens: 6,
};
const messagesObject = {
  content: [{ type: "text", text: JSON.stringify(weather), name: undefined, input: undefined }],
  stop: "end_turn",
  parsed: weather,
  input: 17,
  output: 6,
};

const helpers: readonly Helper[] = [
  {
    name: "openai chat.completions.stream, with tools",
    answers: [calling],
    run: async ({ openai }) =>
      essentials.chat(
        await openai.chat.completions
          .stream({ model, messages: question, tools: [chatTool()], stream_options: { include_usage: true } })
          .finalChatCompletion(),
      ),
    expected: {
      choices: [
        {
          finish: "tool_calls",
          text: "Let me look.",
          calls: [parsedCall("Rome", true), parsedCall("Oslo", true)],
          parsed: null,
        },
      ],
      input: 17,
      output: 6,
    },
  },
  {
    name: "openai chat.completions.stream, of an object",
    answers: [structured],
    run: async ({ openai }) =>
      essentials.chat(
        await openai.chat.completions
          .stream({
            model,
            messages: question,
            response_format: zodResponseFormat(Weather, "weather"),
            stream_options: { include_usage: true },
          })
          .finalChatCompletion(),
      ),
    expected: chatObject,
  },
  {
    name: "openai chat.completions.parse",
    answers: [structured],
    run: async ({ openai }) =>
      essentials.chat(
        await openai.chat.completions.parse({
          model,
          messages: question,
          response_format: zodResponseFormat(Weather, "weather"),
        }),
      ),
    expected: chatObject,
  },
  ...[false, true].map(
    (stream): Helper => ({
      name: `openai chat.completions.runTools, stream: ${stream}`,
      answers: [calling, { text: "21 degrees." }],
      run: async ({ openai }) => {
        const seen: unknown[] = [];
        const request = { model, messages: question, tools: [spied(seen).chat] };
        const runner = stream
          ? openai.chat.completions.runTools({ ...request, stream: true })
          : openai.chat.completions.runTools(request);
        return { text: await runner.finalContent(), seen };
      },
      expected: { text: "21 degrees.", seen: ["Rome", "Oslo"] },
    }),
  ),
  {
    name: "openai responses.stream, with tools",
    answers: [calling],
    run: async ({ openai }) =>
      essentials.responses(
        await openai.responses.stream({ model, input: "Weather?", tools: [responsesTool()] }).finalResponse(),
      ),
    expected: {
      status: "completed",
      output: [
        { type: "message", text: "Let me look.", parsed: null },
        ...["Rome", "Oslo"].map((city) => ({
          type: "function_call",
          name: "get_weather",
          arguments: `{"city":"${city}"}`,
          parsed: { city },
        })),
      ],
      text: "Let me look.",
      parsed: null,
      input: 17,
      output_tokens: 6,
    },
  },
  {
    name: "openai responses.stream, of an object",
    answers: [structured],
    run: async ({ openai }) =>
      essentials.responses(
        await openai.responses
          .stream({ model, input: "Weather?", text: { format: zodTextFormat(Weather, "weather") } })
          .finalResponse(),
      ),
    expected: responsesObject,
  },
  {
    name: "openai responses.parse",
    answers: [structured],
    run: async ({ openai }) =>
      essentials.responses(
        await openai.responses.parse({
          model,
          input: "Weather?",
          text: { format: zodTextFormat(Weather, "weather") },
        }),
      ),
    expected: responsesObject,
  },
  {
    name: "anthropic messages.stream, with tools",
    answers: [calling],
    run: async ({ anthropic }) =>
      essentials.messages(
        await anthropic.messages
          .stream({ model, max_tokens, messages: question, tools: [messagesTool] })
          .finalMessage(),
      ),
    expected: {
      content: [
        { type: "text", text: "Let me look." },
        { type: "tool_use", name: "get_weather", input: { city: "Rome" } },
        { type: "tool_use", name: "get_weather", input: { city: "Oslo" } },
      ],
      stop: "tool_use",
      parsed: null,
      input: 17,
      output: 6,
    },
  },
  {
    name: "anthropic messages.stream, of an object",
    answers: [structured],
    run: async ({ anthropic }) =>
      essentials.messages(
        await anthropic.messages
          .stream({ model, max_tokens, messages: question, output_config: { format: zodOutputFormat(Weather) } })
          .finalMessage(),
      ),
    expected: messagesObject,
  },
  {
    name: "anthropic messages.parse",
    answers: [structured],
    run: async ({ anthropic }) =>
      essentials.messages(
        await anthropic.messages.parse({
          model,
          max_tokens,
          messages: question,
          output_config: { format: zodOutputFormat(Weather) },
        }),
      ),
    expected: messagesObject,
  },
  ...[false, true].map(
    (stream): Helper => ({
      name: `anthropic beta.messages.toolRunner, stream: ${stream}`,
      answers: [calling, { text: "21 degrees." }],
      run: async ({ anthropic }) => {
        const seen: unknown[] = [];
        const request = { model, max_tokens, messages: question, tools: [spied(seen).messages] };
        const runner = stream
          ? anthropic.beta.messages.toolRunner({ ...request, stream: true })
          : anthropic.beta.messages.toolRunner(request);
        const { content, stop_reason } = await runner.runUntilDone();
        return { text: content.map((block) => ("text" in block ? block.text : "")).join(""), stop_reason, seen };
      },
      expected: { text: "21 degrees.", stop_reason: "end_turn", seen: ["Rome", "Oslo"] },
    }),
  ),
];

const script = (backend: Simulator, answers: Helper["answers"]) => backend.answerNext(...answers);

describe.each(helpers)("$name", ({ name, answers, run, expected }) => {
  it.each(upstreams)("gives the same when $kind is asked on $wire", async (upstream) => {
    const { backend, ...clients } = await start(upstream);
    script(backend, answers);
    expect(await run(clients)).toEqual(expected);
    // The runner of tools first asks for a thread, which no backend here holds: tests/threads.test.ts.
    const refused = backend.requests.filter(({ body }) => at(body, "thread") !== undefined);
    expect(backend.requests).toHaveLength(answers.length + refused.length);
    expect(refused).toHaveLength(upstream.kind === "anthropic" && name.includes("toolRunner") ? 1 : 0);
  });
});
