import { type SimulatorKind, startSimulator } from "@headgate/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { at, type JsonObject, listAt, textAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const locals: readonly (readonly [kind: SimulatorKind, model: string])[] = [
  ["lmstudio", "minimax-m2.1-gs32"],
  ["vllm", "my-model"],
  ["openai-compatible", "my-local-model"],
];

const parameters = { type: "object", properties: { command: { type: "string" } } };
const shell = { type: "function", name: "shell", parameters, strict: false };
/** Local servers know no groups of tools: the conversation is written anew for them. */
const grouped = { type: "namespace", name: "box", description: "A box", tools: [shell] };
const question = { type: "message", role: "user", content: "List the files." };

/** A tool turn of a client that keeps the items it got, over a local model and OpenAI behind it. */
async function turn(kind: SimulatorKind, model: string, tool: JsonObject, encrypted: boolean) {
  const second = await startSimulator({ kind: "openai" });
  onTestFinished(() => second.close());
  const { local, gateway } = await startStack({ local: { kind } }, ({ local }) => ({
    config: {
      agents: { defaults: { model: { primary: `${kind}/${model}`, fallbacks: ["openai/gpt-5.5"] } } },
      models: {
        providers: {
          [kind]: { baseUrl: local.baseUrl, apiKey: "k", wires: ["responses"] },
          openai: { baseUrl: second.baseUrl, apiKey: "k", wires: ["responses"] },
        },
      },
    },
  }));
  local.answer({
    reasoning: "I should look.",
    signature: "RXJ0aGUgc2VjcmV0IG9mIHRoaXMgYmFja2VuZCwgbG9uZyBlbm91Z2g=",
    toolCalls: [{ name: "shell", arguments: { command: "ls" } }],
  });
  const include = encrypted ? { include: ["reasoning.encrypted_content"] } : {};
  const ask = (input: readonly unknown[]) =>
    gateway.ask("/v1/responses", { body: { store: false, tools: [tool], input, ...include } });
  const first = await ask([question]);
  expect(first.status, first.text).toBe(200);
  const output = listAt(first.json, "output");
  const call = output.find((item) => textAt(item, "type") === "function_call");
  const result = { type: "function_call_output", call_id: at(call, "call_id"), output: "a.txt" };
  return { local, second, gateway, again: () => ask([question, ...output, result]) };
}

const warningsOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
  headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent) ?? [];

const ways = [true, false].flatMap((encrypted) =>
  [shell, grouped].map((tool) => ({ encrypted, tool, name: tool.type })),
);

describe.each(locals)("reasoning that %s has shown on Responses", (kind, model) => {
  it.each(ways)("goes back to it, word for word (a $name tool, sealed: $encrypted)", async ({ encrypted, tool }) => {
    const { local, again } = await turn(kind, model, tool, encrypted);
    const reply = await again();
    expect(reply.status, reply.text).toBe(200);
    const [thought] = listAt(local.requests.at(-1)?.body, "input").filter((item) => at(item, "type") === "reasoning");
    expect(thought).toMatchObject({ content: [{ type: "reasoning_text", text: "I should look." }] });
    expect(warningsOf(reply).filter((warning) => /reasoning|encrypted/.test(warning))).toEqual([]);
  });

  it.each(ways)("is left out where OpenAI answers (a $name tool, sealed: $encrypted)", async ({ encrypted, tool }) => {
    const { local, second, again } = await turn(kind, model, tool, encrypted);
    local.fail({ kind: "status", status: 429 });
    const reply = await again();
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe("openai/gpt-5.5");
    expect(second.requests.at(-1)?.text).not.toContain("I should look.");
    expect(
      warningsOf(reply).some((warning) => /^dropped:input\[\]\.(?:reasoning|encrypted_content)$/.test(warning)),
    ).toBe(true);
  });
});

describe("reasoning that a local server has shown without a seal", () => {
  const tool = { name: "shell", input_schema: parameters };
  const use = { type: "tool_use", id: "toolu_1", name: "shell", input: { command: "ls" } };
  const conversation = [
    { role: "user", content: "List the files." },
    { role: "assistant", content: [{ type: "thinking", thinking: "I should look.", signature: "" }, use] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "a.txt" }] },
  ];

  it.each([true, false])("is left out for Anthropic, which would answer it with 400 (stream: %s)", async (stream) => {
    const { hosted, gateway } = await startStack({ hosted: { kind: "anthropic" } }, ({ hosted }) => ({
      config: { models: { providers: { anthropic: { baseUrl: hosted.baseUrl, apiKey: "k" } } } },
    }));
    const thinking = { type: "enabled", budget_tokens: 2048 };
    const body = { model: "anthropic/claude-sonnet-4-5", max_tokens: 9000, tools: [tool], thinking, stream };
    const reply = await gateway.ask("/v1/messages", { body: { ...body, messages: conversation } });
    expect(reply.status, reply.text).toBe(200);
    expect(hosted.requests[0]?.text).not.toContain("I should look.");
    expect(hosted.requests[0]?.body).toMatchObject({ thinking: { type: "disabled" } });
    expect(warningsOf(reply)).toEqual(["dropped:messages[].content[].thinking", "changed:thinking"]);
  });

  it("is left out for OpenAI on chat, and goes to a local server", async () => {
    const { openai, lmstudio, gateway } = await startStack(
      { openai: { kind: "openai" }, lmstudio: { kind: "lmstudio" } },
      ({ openai, lmstudio }) => ({
        config: {
          models: {
            providers: {
              openai: { baseUrl: openai.baseUrl, apiKey: "k", wires: ["chat"] },
              lmstudio: { baseUrl: lmstudio.baseUrl },
            },
          },
        },
      }),
    );
    const said = { role: "assistant", content: "Hi", reasoning_content: "I should greet." };
    const messages = [{ role: "user", content: "hi" }, said, { role: "user", content: "more" }];
    const ask = (model: string) => gateway.ask("/v1/chat/completions", { body: { model, messages } });
    expect(warningsOf(await ask("openai/gpt-4.1"))).toEqual(["dropped:messages[].reasoning_content"]);
    expect(openai.requests[0]?.text).not.toContain("I should greet.");
    expect(warningsOf(await ask("lmstudio/minimax-m2.1-gs32"))).toEqual([]);
    expect(lmstudio.requests[0]?.text).toContain("I should greet.");
  });
});
