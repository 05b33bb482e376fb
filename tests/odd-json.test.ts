import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import type { Gateway } from "./harness/gateway.ts";
import { hello } from "./harness/gateway.ts";
import { startHybrid } from "./harness/hybrid.ts";
import type { JsonObject } from "./harness/json.ts";

/** Passed through by the one, translated for the other. */
const models = ["sonnet", "minimax local"];

/** A reply that a client can do something with: an answer, or an error of its wire that is its own fault. */
async function expectSense(gateway: Gateway, wire: (typeof textWires)[number], body: string): Promise<number> {
  const { path, headers, readError } = dialects[wire];
  const reply = await gateway.ask(path, { body, headers });
  expect(reply.broken).toBe(false);
  // What a backend itself breaks down at is told as such.
  if (reply.text.includes("The simulator failed")) return reply.status;
  expect([200, 400, 404], `${body.slice(0, 300)} → ${reply.text.slice(0, 300)}`).toContain(reply.status);
  if (reply.status !== 200) expect(readError(reply.json)?.message).toMatch(/\w/);
  return reply.status;
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

/** Values as text: most cannot be written by JSON.stringify. */
const oddities: readonly [name: string, value: string][] = [
  ["lists ten thousand deep", nested(10_000, "[", "]")],
  ["objects ten thousand deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["a prototype", '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
  ["a number beyond all", "1e999"],
  ["a number below all", "-1e999"],
  ["a number of a thousand digits", "9".repeat(1000)],
  ["half of a pair", '"\\ud800"'],
  ["the other half, as bytes", '"\\udc00\\ud800"'],
  ["a NUL", '"a\\u0000b"'],
  ["line breaks and controls", '"\\r\\nx: y\\u001b[31m\\u2028\\u202e"'],
  ["a string of a megabyte", `"${"x".repeat(2 ** 20)}"`],
  ["a list of a hundred thousand", `[${"0,".repeat(100_000)}0]`],
  ["an object of twenty thousand keys", `{${Array.from({ length: 20_000 }, (_, key) => `"k${key}":0`).join(",")}}`],
  ["an empty key", '{"":""}'],
  ["a key twice", '{"type":"text","type":"image"}'],
];

/** Where a client puts words, and where it puts what nobody knows. */
const places: Readonly<Record<(typeof textWires)[number], readonly [string, (value: string) => string][]>> = {
  chat: [
    ["unknown key", (value) => `{"model":MODEL,"messages":[{"role":"user","content":"hi"}],"x":${value}}`],
    ["content", (value) => `{"model":MODEL,"messages":[{"role":"user","content":${value}}]}`],
    ["role", (value) => `{"model":MODEL,"messages":[{"role":${value},"content":"hi"}]}`],
    [
      "schema",
      (value) =>
        `{"model":MODEL,"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":${value}}}}}]}`,
    ],
    [
      "arguments",
      (value) =>
        `{"model":MODEL,"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":${value}}}]},{"role":"tool","tool_call_id":"c","content":"x"}]}`,
    ],
  ],
  responses: [
    ["unknown key", (value) => `{"model":MODEL,"input":"hi","x":${value}}`],
    ["input", (value) => `{"model":MODEL,"input":${value}}`],
    ["item", (value) => `{"model":MODEL,"input":[${value}]}`],
    ["content", (value) => `{"model":MODEL,"input":[{"role":"user","content":${value}}]}`],
    [
      "schema",
      (value) =>
        `{"model":MODEL,"input":"hi","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"a":${value}}}}]}`,
    ],
    ["metadata", (value) => `{"model":MODEL,"input":"hi","metadata":${value}}`],
  ],
  messages: [
    [
      "unknown key",
      (value) => `{"model":MODEL,"max_tokens":9,"messages":[{"role":"user","content":"hi"}],"x":${value}}`,
    ],
    ["content", (value) => `{"model":MODEL,"max_tokens":9,"messages":[{"role":"user","content":${value}}]}`],
    [
      "system",
      (value) => `{"model":MODEL,"max_tokens":9,"system":${value},"messages":[{"role":"user","content":"hi"}]}`,
    ],
    [
      "tool input",
      (value) =>
        `{"model":MODEL,"max_tokens":9,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":${value}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"x"}]}]}`,
    ],
  ],
};

describe.each(textWires)("a request of %s", (wire) => {
  it.each(oddities)("with %s in any place is answered or refused, and the gateway serves on", async (_, value) => {
    const { gateway } = await startHybrid();
    for (const [, write] of places[wire]) {
      for (const model of models)
        await expectSense(gateway, wire, write(value).replace("MODEL", JSON.stringify(model)));
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await gateway.say(wire, { model: "sonnet" })).status).toBe(200);
  });

  it.each([
    ["a list", "[]", 400],
    ["an object", "{}", 400],
    ["a number", "1", 400],
    ["true", "true", 400],
    ["null, which is none", "null", 200],
    ["an empty text, which is none", '""', 200],
    ["blanks, which are none", '"  \\t"', 200],
    ["NUL", '"\\u0000"', 404],
    ["half of a pair", '"\\ud800"', 404],
    ["line breaks", '"a\\r\\nx-evil: 1"', 404],
    ["a megabyte", `"${"x".repeat(2 ** 20)}"`, 404],
    ["__proto__", '"__proto__"', 404],
    ["constructor", '"constructor"', 404],
    ["a slash", '"/"', 404],
    ["a provider without a model", '"anthropic/"', 404],
    ["a provider's prototype", '"__proto__/x"', 404],
  ])("whose model is %s is what it should be", async (_, model, status) => {
    const { gateway } = await startHybrid();
    const [, write] = places[wire][0] ?? [];
    expect(
      await expectSense(gateway, wire, write?.("1").replace('"x":1', '"metadata":null').replace("MODEL", model) ?? ""),
    ).toBe(status);
  });

  it("whose ref is a megabyte long is passed on, and its headers stay small", async () => {
    const { local, gateway } = await startHybrid();
    const reply = await gateway.say(wire, { model: `lmstudio/${"ü".repeat(2 ** 19)}` });
    expect(reply.status).toBe(200);
    expect(JSON.stringify(reply.headers).length).toBeLessThan(8000);
    expect(local.requests[0]?.model).toHaveLength(2 ** 19);
  });
});

const wrong: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  "",
  "x",
  [],
  [null],
  ["x"],
  [[]],
  [1],
  {},
  { type: "x" },
  { a: null },
];

/** Every field of a wire that Headgate reads, below a good request. */
const fields: Readonly<Record<(typeof textWires)[number], readonly string[]>> = {
  chat: [
    ..."messages tools tool_choice stream_options max_tokens max_completion_tokens temperature top_p stop n seed".split(
      " ",
    ),
    ..."parallel_tool_calls response_format reasoning_effort functions function_call stream store user".split(" "),
  ],
  responses: [
    ..."input instructions tools tool_choice max_output_tokens temperature top_p parallel_tool_calls text".split(" "),
    ..."reasoning include store previous_response_id truncation stream metadata conversation prompt".split(" "),
  ],
  messages: [
    ..."messages system tools tool_choice max_tokens temperature top_p top_k stop_sequences thinking".split(" "),
    ..."stream metadata output_config service_tier".split(" "),
  ],
};

describe.each(textWires.flatMap((wire) => fields[wire].map((field) => ({ wire, field }))))(
  "a wrong type in $wire's $field",
  ({ wire, field }) => {
    it("is refused in the wire's shape or left to the backend, never a breakdown", async () => {
      const { gateway } = await startHybrid({ settings: { "retry.lastRepeats": 0 } });
      const good = dialects[wire].writeRequest(hello, "sonnet", false);
      for (const model of models) {
        for (const value of wrong) {
          await expectSense(gateway, wire, JSON.stringify({ ...good, model, [field]: value }));
        }
      }
    });
  },
);

/** Shapes below the lists: each stands in a message, an item, a block, a tool or a call. */
const holders: readonly { name: string; wire: (typeof textWires)[number]; hold: (value: unknown) => JsonObject }[] = [
  { name: "message", wire: "chat", hold: (value) => ({ messages: [value] }) },
  { name: "content part", wire: "chat", hold: (value) => ({ messages: [{ role: "user", content: [value] }] }) },
  {
    name: "assistant's call",
    wire: "chat",
    hold: (value) => ({
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", tool_calls: [value] },
      ],
    }),
  },
  {
    name: "call's function",
    wire: "chat",
    hold: (value) => ({
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", tool_calls: [{ id: "c", type: "function", function: value }] },
      ],
    }),
  },
  { name: "tool", wire: "chat", hold: (value) => ({ messages: [{ role: "user", content: "a" }], tools: [value] }) },
  {
    name: "tool's function",
    wire: "chat",
    hold: (value) => ({ messages: [{ role: "user", content: "a" }], tools: [{ type: "function", function: value }] }),
  },
  { name: "item", wire: "responses", hold: (value) => ({ input: [value] }) },
  { name: "content part", wire: "responses", hold: (value) => ({ input: [{ role: "user", content: [value] }] }) },
  {
    name: "function_call",
    wire: "responses",
    hold: (value) => ({ input: [{ type: "function_call", call_id: "c", name: value, arguments: value }] }),
  },
  {
    name: "function_call_output",
    wire: "responses",
    hold: (value) => ({ input: [{ type: "function_call_output", call_id: value, output: value }] }),
  },
  { name: "tool", wire: "responses", hold: (value) => ({ input: "a", tools: [value] }) },
  { name: "message", wire: "messages", hold: (value) => ({ messages: [value] }) },
  { name: "block", wire: "messages", hold: (value) => ({ messages: [{ role: "user", content: [value] }] }) },
  {
    name: "tool_use",
    wire: "messages",
    hold: (value) => ({
      messages: [{ role: "assistant", content: [{ type: "tool_use", id: value, name: value, input: value }] }],
    }),
  },
  {
    name: "tool_result",
    wire: "messages",
    hold: (value) => ({
      messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: value, content: value }] }],
    }),
  },
  { name: "tool", wire: "messages", hold: (value) => ({ messages: [{ role: "user", content: "a" }], tools: [value] }) },
];

describe.each(holders)("a $wire $name of a wrong shape", ({ wire, hold }) => {
  it("is refused in the wire's shape or left to the backend, never a breakdown", async () => {
    const { gateway } = await startHybrid({ settings: { "retry.lastRepeats": 0 } });
    for (const model of models) {
      for (const value of wrong) {
        await expectSense(gateway, wire, JSON.stringify({ model, max_tokens: 9, ...hold(value) }));
      }
    }
  });
});
