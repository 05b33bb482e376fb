// What the load generator asks on each wire: a short question, or all that a coding agent sends.

const question = "Say hello to the benchmark harness please.";
const system = "You are helpful.";

const small = {
  chat: {
    messages: [
      { role: "system", content: system },
      { role: "user", content: question },
    ],
    max_tokens: 64,
  },
  responses: { instructions: system, input: question, max_output_tokens: 64 },
  messages: { system, messages: [{ role: "user", content: question }], max_tokens: 64 },
};

/** Sixty tools and a turn of work, about 90 KB of JSON on every wire. */
const toolCount = 60;
const words = (count) => "the quick brown fox jumps over the lazy dog and ".repeat(Math.ceil(count / 10));
const property = (number) => ({ type: "string", description: `Parameter ${number}: ${words(10)}` });
const tools = Array.from({ length: toolCount }, (_, number) => ({
  name: `tool_${number}`,
  description: `Does the thing of number ${number}. ${words(60)}`,
  parameters: {
    type: "object",
    properties: Object.fromEntries(Array.from({ length: 6 }, (__, index) => [`parameter_${index}`, property(index)])),
    required: ["parameter_0"],
    additionalProperties: false,
  },
}));
const long = words(300);
const result = words(400);
const calls = Array.from({ length: 8 }, (_, number) => ({
  id: `call_${number}`,
  name: `tool_${number}`,
  arguments: JSON.stringify({ parameter_0: words(20) }),
}));

const large = {
  chat: {
    messages: [
      { role: "system", content: long },
      { role: "user", content: question },
      ...calls.flatMap(({ id, name, arguments: text }) => [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id, type: "function", function: { name, arguments: text } }],
        },
        { role: "tool", tool_call_id: id, content: result },
      ]),
    ],
    tools: tools.map((tool) => ({ type: "function", function: tool })),
    max_tokens: 64,
  },
  responses: {
    instructions: long,
    input: [
      { type: "message", role: "user", content: [{ type: "input_text", text: question }] },
      ...calls.flatMap(({ id, name, arguments: text }) => [
        { type: "function_call", call_id: id, name, arguments: text },
        { type: "function_call_output", call_id: id, output: result },
      ]),
    ],
    tools: tools.map((tool) => ({ type: "function", ...tool, strict: false })),
    max_output_tokens: 64,
    store: false,
  },
  messages: {
    system: [{ type: "text", text: long }],
    messages: [
      { role: "user", content: [{ type: "text", text: question }] },
      ...calls.flatMap(({ id, name, arguments: text }) => [
        { role: "assistant", content: [{ type: "tool_use", id, name, input: JSON.parse(text) }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: result }] },
      ]),
    ],
    tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
    max_tokens: 64,
  },
};

/** The body of a request as JSON. */
export const bodyOf = (wire, model, { isLarge, stream }) =>
  JSON.stringify({ model, ...(isLarge ? large : small)[wire], ...(stream ? { stream: true } : {}) });
