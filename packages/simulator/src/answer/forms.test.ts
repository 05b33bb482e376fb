import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Simulator, type SimulatorKind, type SimWire, startSimulator } from "../index.ts";
import { bodyOf, eventsOf, pathOf, post } from "../testing/post.ts";

let simulator: Simulator;

afterEach(() => simulator.close());

const ask = async (kind: SimulatorKind, wire: SimWire, answer: Answer | undefined, extra: object = {}) => {
  simulator = await startSimulator({ kind });
  if (answer !== undefined) simulator.answer(answer);
  const bodies = [false, true].map((stream) => ({ ...bodyOf(kind, wire, stream), ...extra }));
  const [whole, streamed] = await Promise.all(bodies.map((body) => post(simulator, pathOf[wire], body).seen));
  return { whole: JSON.parse(whole?.text ?? ""), events: eventsOf(streamed?.text ?? "") };
};

type Event = ReturnType<typeof eventsOf>[number];

const named = (events: readonly Event[], name: string) =>
  events.filter(({ event }) => event === name).map(({ data }) => data);

const grammar = { type: "grammar", syntax: "lark", definition: 'start: "x"' };
const patch = { type: "custom", name: "apply_patch", format: grammar };
const shell = { type: "function", name: "shell", parameters: { type: "object", properties: {} } };

describe("a call of a tool that takes text", () => {
  const answer = { toolCalls: [{ name: "apply_patch", arguments: ["*** Begin", " Patch"] }] };

  it("is a custom_tool_call on Responses", async () => {
    const { whole, events } = await ask("openai", "responses", answer, { tools: [patch] });
    expect(whole.output).toMatchObject([
      { type: "custom_tool_call", id: expect.stringMatching(/^ctc_/), name: "apply_patch", input: "*** Begin Patch" },
    ]);
    expect(named(events, "response.custom_tool_call_input.delta")).toMatchObject([
      { delta: "*** Begin" },
      { delta: " Patch" },
    ]);
    expect(named(events, "response.custom_tool_call_input.done")).toMatchObject([{ input: "*** Begin Patch" }]);
  });

  it("is a tool call of type custom on chat", async () => {
    const tools = [{ type: "custom", custom: { name: "apply_patch" } }];
    const { whole, events } = await ask("openai", "chat", answer, { tools });
    const call = { type: "custom", custom: { name: "apply_patch", input: "*** Begin Patch" } };
    expect(whole.choices[0].message.tool_calls).toMatchObject([call]);
    expect(JSON.stringify(events)).toContain('"custom":{"input":"*** Begin"}');
  });

  it("is made when it is demanded, and not twice", async () => {
    const demand = { tools: [patch], tool_choice: { type: "custom", name: "apply_patch" } };
    const { whole } = await ask("openai", "responses", undefined, demand);
    expect(whole.output).toMatchObject([{ type: "custom_tool_call", input: "example" }]);
    const [call] = whole.output;
    const input = [call, { type: "custom_tool_call_output", call_id: call.call_id, output: "ok" }];
    const again = await post(simulator, pathOf.responses, { ...bodyOf("openai", "responses", false), ...demand, input })
      .seen;
    expect(JSON.parse(again.text).output).toMatchObject([{ type: "message" }]);
  });
});

describe("a call of a tool in a group", () => {
  const group = { type: "namespace", name: "mcp__files", description: "Files.", tools: [shell, patch] };

  it.each([
    ["among the tools", { tools: [group] }],
    ["among the items", { input: [{ type: "additional_tools", role: "developer", tools: [group] }] }],
  ])("that was offered %s names the group and has the tool's kind", async (_where, extra) => {
    const toolCalls = ["shell", "apply_patch"].map((name) => ({ name, namespace: "mcp__files", arguments: "{}" }));
    const { whole } = await ask("openai", "responses", { toolCalls }, extra);
    expect(whole.output).toMatchObject([
      { type: "function_call", name: "shell", namespace: "mcp__files", arguments: "{}" },
      { type: "custom_tool_call", name: "apply_patch", namespace: "mcp__files", input: "{}" },
    ]);
  });
});

describe("reasoning", () => {
  it("is summarised in parts on Responses", async () => {
    const { whole, events } = await ask("openai", "responses", { summary: ["One.", "Two."], text: "Hi." });
    expect(whole.output[0].summary).toEqual([
      { type: "summary_text", text: "One." },
      { type: "summary_text", text: "Two." },
    ]);
    expect(named(events, "response.reasoning_summary_text.delta")).toMatchObject([
      { summary_index: 0, delta: "One." },
      { summary_index: 1, delta: "Two." },
    ]);
  });

  it("that nobody may read is a block of its own on Messages", async () => {
    const { whole, events } = await ask("anthropic", "messages", { redacted: "ZW5jcnlwdGVk", text: "Hi." });
    const block = { type: "redacted_thinking", data: "ZW5jcnlwdGVk" };
    expect(whole.content).toEqual([block, { type: "text", text: "Hi." }]);
    expect(named(events, "content_block_start")[0]).toMatchObject({ index: 0, content_block: block });
  });
});

describe("where a text comes from", () => {
  const answer = {
    text: "It snows.",
    citations: [{ url: "https://example.com/", title: "Weather", start: 3, end: 8 }],
  };

  it("is an annotation on chat", async () => {
    const annotation = {
      type: "url_citation",
      url_citation: { url: "https://example.com/", title: "Weather", start_index: 3, end_index: 8 },
    };
    const { whole, events } = await ask("openai", "chat", answer);
    expect(whole.choices[0].message.annotations).toEqual([annotation]);
    expect(events).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ choices: [expect.objectContaining({ delta: { annotations: [annotation] } })] }),
      }),
    );
  });

  it("is an annotation on Responses", async () => {
    const annotation = {
      type: "url_citation",
      url: "https://example.com/",
      title: "Weather",
      start_index: 3,
      end_index: 8,
    };
    const { whole, events } = await ask("openai", "responses", answer);
    expect(whole.output[0].content[0].annotations).toEqual([annotation]);
    expect(named(events, "response.output_text.annotation.added")).toMatchObject([{ annotation_index: 0, annotation }]);
  });

  it("is a citation on Messages", async () => {
    const citation = { type: "web_search_result_location", url: "https://example.com/", cited_text: "snows" };
    const { whole, events } = await ask("anthropic", "messages", answer);
    expect(whole.content[0].citations).toMatchObject([citation]);
    expect(named(events, "content_block_delta")).toContainEqual(
      expect.objectContaining({ delta: { type: "citations_delta", citation: expect.objectContaining(citation) } }),
    );
  });
});

describe("log probabilities", () => {
  const entry = { token: "Snow", logprob: -0.25, bytes: [83, 110, 111, 119], top_logprobs: [{ token: "Snow" }, {}] };

  it("come with every piece on chat, when they are asked for", async () => {
    const asked = await ask("openai", "chat", { text: ["Snow", "!"] }, { logprobs: true, top_logprobs: 2 });
    expect(asked.whole.choices[0].logprobs.content).toMatchObject([entry, { token: "!" }]);
    expect(JSON.stringify(asked.events)).toContain('"logprobs":{"content":[{"token":"!"');
    await simulator.close();
    expect((await ask("openai", "chat", { text: "Snow" })).whole.choices[0].logprobs).toBeNull();
  });

  it("come with every piece on Responses, when they are asked for", async () => {
    const wish = { include: ["message.output_text.logprobs"], top_logprobs: 2 };
    const { whole, events } = await ask("openai", "responses", { text: ["Snow", "!"] }, wish);
    expect(whole.output[0].content[0].logprobs).toMatchObject([entry, { token: "!" }]);
    expect(named(events, "response.output_text.delta")).toMatchObject([{ logprobs: [entry] }, { delta: "!" }]);
  });
});
