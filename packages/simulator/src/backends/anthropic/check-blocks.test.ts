import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../index.ts";
import { post } from "../../testing/post.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ kind: "anthropic" });
});

afterAll(() => simulator.close());

const hi = { role: "user", content: "hi" };

const ask = async (body: object, headers: Record<string, string> = {}) => {
  const whole = { model: "claude-sonnet-4-5", max_tokens: 4096, messages: [hi], ...body };
  const { status, text } = await post(simulator, "/v1/messages", whole, headers).seen;
  return { status, body: JSON.parse(text) };
};

const block = (fields: object) => ({ messages: [{ role: "user", content: [fields] }] });
const tool = (fields: object) => ({ tools: [{ name: "f", input_schema: { type: "object" }, ...fields }] });
const marked = { type: "text", text: "x", cache_control: { type: "ephemeral" } };

describe("blocks and tools", () => {
  it.each([
    ["an unknown key in a block", block({ type: "text", text: "x", phase: "y" }), "messages.0.content.0.text.phase"],
    ["a tool use id of odd characters", block({ type: "tool_use", id: "a.b", name: "f", input: {} }), "tool_use"],
    [
      "five marks of a cache",
      { system: [marked, marked, marked], messages: [{ role: "user", content: [marked, marked] }] },
      "Found 5",
    ],
    ["an unknown key in a tool", tool({ namespace: "n" }), "tools.0.custom.namespace"],
    ["an odd name of a tool", tool({ name: "a.b" }), "tools.0.custom.name"],
    ["a tool without a schema", tool({ input_schema: undefined }), "tools.0.custom.input_schema"],
    ["a tool twice", { tools: [...tool({}).tools, ...tool({}).tools] }, "unique"],
    [
      "the choice of a tool that is not there",
      { ...tool({}), tool_choice: { type: "tool", name: "g" } },
      "'g' not found",
    ],
  ])("are refused for %s", async (_name, body, text) => {
    const reply = await ask(body);
    expect(reply.status).toBe(400);
    expect(reply.body.error.message).toContain(text);
  });
});

describe("thinking", () => {
  const enabled = (budget_tokens: number) => ({ thinking: { type: "enabled", budget_tokens } });

  it.each([
    ["a budget under 1024", enabled(1000), "greater than or equal to 1024"],
    ["a budget that leaves no room", enabled(4096), "must be greater than"],
    ["a forced tool", { ...enabled(1024), ...tool({}), tool_choice: { type: "any" } }, "forces tool use"],
    ["a temperature", { ...enabled(1024), temperature: 0.5 }, "`temperature`"],
    ["top_k", { ...enabled(1024), top_k: 5 }, "`top_k`"],
    ["no budget, on 4.5", { thinking: { type: "adaptive" } }, "adaptive"],
    ["a budget, on 5.5", { model: "claude-opus-5-5", ...enabled(1024) }, "thinking.type.enabled"],
    ["a ban, on Opus 5.5", { model: "claude-opus-5-5", thinking: { type: "disabled" } }, "thinking.type.disabled"],
  ])("is refused with %s", async (_name, body, text) => {
    const reply = await ask(body);
    expect(reply.status).toBe(400);
    expect(reply.body.error.message).toContain(text);
  });

  it("may have a budget over the limit where it is interleaved with tools", async () => {
    expect((await ask(enabled(4096), { "anthropic-beta": "interleaved-thinking-2025-05-14" })).status).toBe(200);
  });

  it("has to stand before the calls of a loop that goes on", async () => {
    const call = { type: "tool_use", id: "c", name: "f", input: {} };
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: "x" }] };
    const thought = { type: "thinking", thinking: "", signature: "c2ltdWxhdGVk" };
    const loop = (...content: object[]) => ({ ...tool({}), messages: [hi, { role: "assistant", content }, result] });
    expect((await ask({ ...enabled(1024), ...loop(thought, call) })).status).toBe(200);
    expect((await ask(loop(call))).status).toBe(200);
    const refused = await ask({ ...enabled(1024), ...loop(call) });
    expect(refused.body.error.message).toContain("Expected `thinking` or `redacted_thinking`, but found `tool_use`");
    const { messages, tools } = loop(call);
    const over = [...messages, { role: "assistant", content: "Done." }, hi];
    expect((await ask({ ...enabled(1024), tools, messages: over })).status).toBe(200);
  });

  it("comes back as it was given, or is refused", async () => {
    simulator.answerNext({ reasoning: "Hm.", redacted: "ZGF0YQ", text: "Hi.", signature: "c2lnbmVk" });
    const { content } = (await ask({})).body;
    const replay = (blocks: unknown) => ask({ messages: [hi, { role: "assistant", content: blocks }, hi] });
    expect((await replay(content)).status).toBe(200);
    const [thinking, redacted, text] = content;
    const changed = await replay([{ ...thinking, signature: "c2lnbmVkPQ" }, redacted, text]);
    expect(changed.body.error.message).toBe("messages.1.content.0: Invalid `signature` in `thinking` block");
    expect((await replay([thinking, { ...redacted, data: "x" }, text])).status).toBe(400);
  });
});

describe("a thread", () => {
  const newest = { model: "claude-opus-5-5" };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: "x" }] };

  it("goes on from a message that began one, with nothing of it repeated", async () => {
    const begun = await ask({ ...newest, thread: { type: "create" } });
    const thread = { type: "continue", previous_message_id: begun.body.id };
    expect((await ask({ ...newest, thread, messages: [result] })).status).toBe(200);
  });

  it("is not found at a message that began none", async () => {
    const { body } = await ask(newest);
    const lost = await ask({ ...newest, thread: { type: "continue", previous_message_id: body.id } });
    expect(lost).toMatchObject({ status: 404, body: { error: { details: { error_code: "thread_not_found" } } } });
  });

  it("is none of 4.5's", async () => {
    const refused = await ask({ thread: { type: "create" } });
    expect(refused.body.error.details).toEqual({ error_code: "thread_unsupported_request", unsupported: ["model"] });
  });
});

it("has no efforts on Sonnet 4.5", async () => {
  const effort = { output_config: { effort: "high" } };
  expect((await ask(effort)).body.error.message).toBe("This model does not support the effort parameter.");
  expect((await ask({ model: "claude-opus-4-5", ...effort })).status).toBe(200);
});

it("samples by temperature or top_p, not both, on 4.5", async () => {
  expect((await ask({ temperature: 0, top_p: 0.9 })).status).toBe(400);
  expect((await ask({ temperature: 0 })).status).toBe(200);
});
