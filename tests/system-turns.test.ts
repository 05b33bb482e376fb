import type { SimulatorKind } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { at, type JsonObject } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

/** Backends of Messages that take no system message amid the conversation. */
const backends: readonly (readonly [kind: SimulatorKind, model: string])[] = [
  ["anthropic", "claude-sonnet-4-5"],
  ["lmstudio", "minimax-m2.1-gs32"],
  ["vllm", "my-model"],
];

const schema = { type: "object", properties: { city: { type: "string" } } };

/** What Claude Code says of its tools, and blocks that no other wire has. */
const tools = [
  { type: "web_search_20250305", name: "web_search", max_uses: 3 },
  { name: "ToolSearch", input_schema: schema },
  { name: "WebFetch", input_schema: schema, defer_loading: true, input_examples: [{ city: "Bonn" }] },
];
const asked = { role: "user", content: [{ type: "text", text: "Look it up.", cache_control: { type: "ephemeral" } }] };
const answered = {
  role: "assistant",
  content: [
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "rain" } },
    { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
    { type: "tool_use", id: "toolu_1", name: "ToolSearch", input: { city: "fetch" } },
  ],
};
const found = {
  role: "user",
  content: [
    {
      type: "tool_result",
      tool_use_id: "toolu_1",
      content: [{ type: "tool_reference", tool_name: "WebFetch" }],
    },
  ],
};

const ask = async (kind: SimulatorKind, model: string, stream: boolean, more: JsonObject) => {
  const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
    config: { models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: ["messages"] } } } },
  }));
  const reply = await gateway.ask(`${dialects.messages.path}?beta=true`, {
    body: { model: `${kind}/${model}`, max_tokens: 32_000, stream, system: "Be brief.", ...more },
    headers: dialects.messages.headers,
  });
  expect(reply.status, reply.text).toBe(200);
  const warnings = reply.headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent) ?? [];
  return { body: backend.requests[0]?.body, warnings };
};

describe.each(backends)("a system message amid a conversation with %s (%s)", (kind, model) => {
  it.each([true, false])("goes to the top, and all else arrives as it was written (stream: %s)", async (stream) => {
    const messages = [asked, { role: "system", content: "Today is Sunday." }, answered, found];
    const { body, warnings } = await ask(kind, model, stream, { tools, messages });
    expect(body).toMatchObject({ system: "Be brief.\n\nToday is Sunday.", tools, messages: [asked, answered, found] });
    expect(at(body, "messages")).toHaveLength(3);
    expect(warnings).toEqual(["changed:messages[].system"]);
  });
});

describe("a system message beside a wish to think", () => {
  const wish = {
    thinking: { type: "adaptive", display: "omitted" },
    output_config: { effort: "low" },
    messages: [asked, { role: "system", content: "Today is Sunday." }],
  };

  it("is heard by a model that thinks by a budget, which gets one", async () => {
    const { body, warnings } = await ask("anthropic", "claude-sonnet-4-5", false, wish);
    expect(at(body, "thinking")).toMatchObject({ type: "enabled", budget_tokens: 2048 });
    expect(warnings).toEqual(["changed:messages[].system", "changed:thinking", "dropped:output_config.effort"]);
  });

  it("stays where it is for a model that takes it there", async () => {
    const { body, warnings } = await ask("anthropic", "claude-opus-5-5", true, wish);
    expect(body).toMatchObject({ ...wish, system: "Be brief." });
    expect(warnings).toEqual([]);
  });
});
