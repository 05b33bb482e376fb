import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../index.ts";
import { pathOf, post } from "../../testing/post.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ kind: "openai" });
});

afterAll(() => simulator.close());

const ask = async (path: string, body: object) => {
  const { status, text } = await post(simulator, path, { model: "gpt-5.5", ...body }).seen;
  return { status, body: JSON.parse(text) };
};

const responses = (body: object) => ask(pathOf.responses, { input: "hi", ...body });
const chat = (body: object) => ask(pathOf.chat, { messages: [{ role: "user", content: "hi" }], ...body });

const call = { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" };
const output = { type: "function_call_output", call_id: "call_1", output: "x" };
const custom = { type: "custom_tool_call", call_id: "call_2", name: "g", input: "text" };
const parts = { type: "custom_tool_call_output", call_id: "call_2", output: [{ type: "input_text", text: "x" }] };

describe("Responses", () => {
  it("takes calls and outputs of both kinds, and every kind of tool", async () => {
    const tools = [
      { type: "custom", name: "g", format: { type: "grammar", syntax: "lark", definition: "start: /x/" } },
      { type: "namespace", name: "n", description: "d", tools: [{ type: "function", name: "f", parameters: null }] },
      { type: "web_search" },
      { type: "web_search_preview_2025_03_11" },
      { type: "tool_search" },
    ];
    const input = [{ role: "user", content: "hi" }, { ...call, id: "fc_1" }, output, { ...custom, id: "ctc_1" }, parts];
    expect((await responses({ input, tools })).status).toBe(200);
  });

  it.each([
    ["an item of no kind", { input: [{ type: "thought", text: "x" }] }, "input[0].type"],
    ["an id with another kind's beginning", { input: [{ ...call, id: "call_1" }, output] }, "input[0].id"],
    ["an id that is too long", { input: [{ ...call, id: `fc_${"x".repeat(62)}` }, output] }, "input[0].id"],
    ["a call id that is too long", { input: [{ ...call, call_id: "x".repeat(65) }] }, "input[0].call_id"],
    ["a call of an odd name", { input: [{ ...call, name: "a.b" }, output] }, "input[0].name"],
    [
      "a part of chat's",
      { input: [{ role: "user", content: [{ type: "text", text: "x" }] }] },
      "input[0].content[0].type",
    ],
    [
      "what a user cannot say",
      { input: [{ role: "user", content: [{ type: "output_text", text: "x" }] }] },
      "input[0].content[0].type",
    ],
    ["reasoning without a summary", { input: [{ type: "reasoning" }] }, "input[0].summary"],
    ["a tool of no kind", { tools: [{ type: "magic" }] }, "tools[0].type"],
    [
      "an odd name inside a group",
      { tools: [{ type: "namespace", name: "n", tools: [{ type: "function", name: "a b" }] }] },
      "tools[0].tools[0].name",
    ],
    [
      "a grammar that is none",
      { tools: [{ type: "custom", name: "g", format: { type: "grammar" } }] },
      "tools[0].format.definition",
    ],
  ])("refuses %s", async (_name, body, param) => {
    const reply = await responses(body);
    expect(reply).toMatchObject({ status: 400, body: { error: { param } } });
  });

  it("takes reasoning back as it was given, and none that it never gave", async () => {
    simulator.answerNext({ reasoning: "Hm.", text: "Hi.", signature: "gAAAAABsecret" });
    const { body } = await responses({ store: false, include: ["reasoning.encrypted_content"] });
    const [reasoning, message] = body.output;
    expect(reasoning.encrypted_content).toBe("gAAAAABsecret");
    expect((await responses({ input: [reasoning, message] })).status).toBe(200);
    const changed = { ...reasoning, encrypted_content: "gAAAAABother" };
    expect((await responses({ input: [changed, message] })).body.error.code).toBe("invalid_encrypted_content");
  });

  it("knows the items that it stored by their ids", async () => {
    simulator.answerNext({ reasoning: "Hm.", text: "Hi." }, { text: "Again." }, { reasoning: "Hm.", text: "Hi." });
    const stored = (await responses({})).body.output[0];
    const { id } = stored;
    expect((await responses({ input: [{ type: "item_reference", id }] })).status).toBe(200);
    const forgotten = (await responses({ store: false })).body.output[0];
    expect((await responses({ input: [{ type: "item_reference", id: forgotten.id }] })).status).toBe(404);
    expect((await responses({ input: [forgotten] })).status).toBe(404);
  });
});

describe("chat", () => {
  const said = (tool_call: object) => ({
    messages: [
      { role: "assistant", tool_calls: [tool_call] },
      { role: "tool", tool_call_id: (tool_call as { id: string }).id, content: "x" },
    ],
  });

  it.each([
    [
      "a part of Responses'",
      { messages: [{ role: "user", content: [{ type: "input_text", text: "x" }] }] },
      "messages[0].content[0].type",
    ],
    [
      "a call id that is too long",
      said({ id: "x".repeat(41), type: "function", function: { name: "f", arguments: "" } }),
      "messages[0].tool_calls[0].id",
    ],
    ["a group of tools", { tools: [{ type: "namespace", name: "n", tools: [] }] }, "tools[0].type"],
    ["a tool with an odd name", { tools: [{ type: "function", function: { name: "a.b" } }] }, "tools[0].function.name"],
    ["a choice among no tools", { tool_choice: "auto" }, "tool_choice"],
  ])("refuses %s", async (_name, body, param) => {
    expect(await chat(body)).toMatchObject({ status: 400, body: { error: { param } } });
  });
});
