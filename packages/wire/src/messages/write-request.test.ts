import { describe, expect, test } from "vitest";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { call, message, output, type WriteSettings, writeRequest } from "./testing.ts";

const tools = [{ type: "function", name: "f", parameters: { properties: {} } }] as const;
const declared = { name: "f", input_schema: { type: "object", properties: {} } };

const spoken = { type: "message", role: "user", parts: [{ type: "text", text: "a" }] } as const;

describe("a messages body", () => {
  test.each([
    [7, 100, 7],
    [undefined, 100, 100],
    [undefined, undefined, 4096],
  ])("limits %s with a model's %s to %s", (asked, maxOutputTokens, expected) => {
    const { body, losses } = writeRequest(asked === undefined ? {} : { maxOutputTokens: asked }, {
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    });
    expect(body.max_tokens).toBe(expected);
    expect(losses).toEqual([]);
  });

  const said: readonly [wish: Partial<PivotRequest>, fields: JsonObject, settings?: WriteSettings][] = [
    [
      { temperature: 0.5, topP: 0.9, topK: 4 },
      { temperature: 0.5, top_p: 0.9, top_k: 4 },
    ],
    [{ stop: ["END", "\n"] }, { stop_sequences: ["END"] }],
    [{ user: "u" }, { metadata: { user_id: "u" } }],
    [{ stream: true }, { stream: true }],
    [{ serviceTier: "auto" }, { service_tier: "auto" }, { features: ["service_tier"] }],
    [{ serviceTier: "default" }, { service_tier: "standard_only" }, { features: ["service_tier"] }],
    [{ serviceTier: "auto" }, {}],
    [{ frequencyPenalty: 0, presencePenalty: 0 }, {}],
    [{ temperature: 1.4 }, { temperature: 1 }],
  ];

  test.each(said)("says %j as %j", (wish, fields, settings) => {
    const { body } = writeRequest(wish, settings);
    const { model: _, max_tokens: __, messages: ___, ...rest } = body;
    expect(rest).toEqual(fields);
  });

  const unsaid: readonly [wish: Partial<PivotRequest>, losses: string[], settings?: WriteSettings][] = [
    [{ temperature: 1.4 }, ["changed temperature"]],
    [{ stop: ["END", "\n"] }, ["dropped stop"]],
    [{ stop: [" "] }, ["dropped stop_sequences"], { from: "messages" }],
    [{ verbosity: "low" }, ["dropped verbosity"]],
    [{ verbosity: "low" }, ["dropped text.verbosity"], { from: "responses" }],
    [
      {
        seed: 1,
        frequencyPenalty: 0.5,
        presencePenalty: 0.5,
        logitBias: { "1": 1 },
        topLogprobs: 0,
        cacheKey: "k",
        cacheRetention: "24h",
        metadata: { a: "b" },
      },
      [
        "dropped seed",
        "dropped frequency_penalty",
        "dropped presence_penalty",
        "dropped logit_bias",
        "dropped logprobs",
        "dropped metadata",
        "dropped prompt_cache_key",
        "dropped prompt_cache_retention",
      ],
    ],
    [{ serviceTier: "default" }, ["dropped service_tier"]],
    [{ serviceTier: "flex" }, ["dropped service_tier"], { features: ["service_tier"] }],
    [
      {
        items: [
          { ...spoken, name: "Ann" },
          { ...spoken, phase: "commentary" },
        ],
      },
      ["dropped messages[].name", "dropped messages[].phase"],
    ],
    [{ items: [{ ...spoken, phase: "final_answer" }] }, []],
  ];

  test.each(unsaid)("names what %j loses", (wish, losses, settings) => {
    expect(writeRequest(wish, settings).losses).toEqual(losses);
  });
});

describe("tools in a messages body", () => {
  test.each([
    ["auto", undefined, { type: "auto" }],
    ["required", false, { type: "any", disable_parallel_tool_use: true }],
    [{ name: "f" }, true, { type: "tool", name: "f" }],
    [undefined, false, { type: "auto", disable_parallel_tool_use: true }],
    ["none", false, { type: "none" }],
    [undefined, undefined, undefined],
  ] as const)("have choice %j with parallel %s as %j", (toolChoice, parallelToolCalls, expected) => {
    const { body } = writeRequest({
      tools,
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    });
    expect(body.tool_choice).toEqual(expected);
    expect(body.tools).toEqual([declared]);
  });

  test("are declared where a history has calls alone, and may not be called", () => {
    const { body, losses } = writeRequest({ items: [message("user", "a"), call("c"), output("c", "1")] });
    expect(body.tools).toEqual([declared]);
    expect(body.tool_choice).toEqual({ type: "none" });
    expect(losses).toEqual(["changed tools"]);
  });

  test("lose a choice where none of them is left", () => {
    const { body, losses } = writeRequest({ toolChoice: "required" });
    expect(body.tool_choice).toBeUndefined();
    expect(losses).toEqual(["dropped tool_choice"]);
  });

  test("are chosen by the name that they are declared by", () => {
    const grouped = [{ type: "function", name: "read", namespace: "files" }] as const;
    for (const toolChoice of [{ name: "read" }, { name: "read", namespace: "files" }]) {
      const { body } = writeRequest({ tools: grouped, toolChoice });
      expect(body.tool_choice).toEqual({ type: "tool", name: "files__read" });
    }
  });

  test("are sent once, the later one of a name", () => {
    const { body, losses } = writeRequest({ tools: [...tools, { type: "function", name: "f", description: "d" }] });
    expect(body.tools).toEqual([{ ...declared, description: "d" }]);
    expect(losses).toEqual(["changed tools"]);
  });

  const wishes = [
    { type: "function", name: "f", strict: true, deferLoading: true, eagerInputStreaming: true },
    { type: "function", name: "g", strict: false, cache: { type: "ephemeral" } },
  ] as const;
  const empty = { type: "object", properties: {} };
  const closed = { ...empty, additionalProperties: false };

  test("say all that the backend takes", () => {
    const { body, losses } = writeRequest(
      { tools: wishes },
      { from: "messages", features: ["tool_search", "eager_input_streaming", "cache_control"] },
    );
    expect(body.tools).toEqual([
      { name: "f", input_schema: closed, strict: true, defer_loading: true, eager_input_streaming: true },
      { name: "g", input_schema: empty, cache_control: { type: "ephemeral" } },
    ]);
    expect(losses).toEqual([]);
  });

  test("leave out what it does not, and name it", () => {
    const { body, losses } = writeRequest({ tools: wishes });
    expect(body.tools).toEqual([
      { name: "f", input_schema: closed, strict: true },
      { name: "g", input_schema: empty },
    ]);
    expect(losses).toEqual([
      "changed tools[].defer_loading",
      "changed tools[].eager_input_streaming",
      "dropped tools[].cache_control",
    ]);
  });

  test.each([
    ["bounds", { a: { type: "integer", minimum: 1 } }],
    ["objects of any keys", { a: { type: "object" } }],
  ])("are not strict with a schema of %s, which a strict tool may not have", (_, properties) => {
    const parameters = { type: "object", properties };
    const { body, losses } = writeRequest({ tools: [{ type: "function", name: "f", parameters, strict: true }] });
    expect(body.tools).toEqual([{ name: "f", input_schema: parameters }]);
    expect(losses).toEqual(["dropped tools[].strict"]);
  });

  test("do not wait to be found where no search comes with them from another wire", () => {
    const { body, losses } = writeRequest({ tools: wishes }, { features: ["tool_search", "eager_input_streaming"] });
    expect(body.tools).toMatchObject([{ name: "f" }, { name: "g" }]);
    expect(JSON.stringify(body.tools)).not.toContain("defer_loading");
    expect(losses).toContain("changed tools[].defer_loading");
  });

  test("never wait to be found all of them (Anthropic answers 400)", () => {
    const { body, losses } = writeRequest(
      { tools: wishes.slice(0, 1) },
      { from: "messages", features: ["tool_search"] },
    );
    expect(body.tools).toEqual([{ name: "f", input_schema: closed, strict: true }]);
    expect(losses).toContain("changed tools[].defer_loading");
  });
});

describe("the answer's form in a messages body", () => {
  const schema = { type: "object", properties: { a: { type: "number" } } };
  const format = { type: "json_schema", name: "n", schema, description: "d" } as const;

  test("is a field of the wire where the backend has it", () => {
    const { body, losses } = writeRequest({ format }, { features: ["output_format"] });
    const closed = { ...schema, description: "d", additionalProperties: false };
    expect(body.output_config).toEqual({ format: { type: "json_schema", schema: closed } });
    expect(body.tools).toBeUndefined();
    expect(losses).toEqual([]);
  });

  test("names what of it is told and not enforced", () => {
    const bounded = { ...schema, properties: { a: { type: "number", minimum: 1 } } };
    const { body, losses } = writeRequest({ format: { ...format, schema: bounded } }, { features: ["output_format"] });
    expect(body).toHaveProperty("output_config.format.schema.properties.a", {
      type: "number",
      description: '{"minimum":1}',
    });
    expect(losses).toEqual(["changed response_format"]);
  });

  test("is no field of the wire for objects of any keys", () => {
    const map = { type: "object", additionalProperties: { type: "number" } };
    const { body, losses } = writeRequest({ format: { ...format, schema: map } }, { features: ["output_format"] });
    expect(body.output_config).toBeUndefined();
    expect(body.tools).toMatchObject([{ name: "json_answer", input_schema: map }]);
    expect(losses).toEqual(["estimated response_format"]);
  });

  test("is a tool that must be called, and that is known as the answer", () => {
    const { body, losses, tools: names } = writeRequest({ format });
    expect(body.tools).toEqual([{ name: "json_answer", description: "d", input_schema: schema }]);
    expect(body.tool_choice).toEqual({ type: "tool", name: "json_answer", disable_parallel_tool_use: true });
    expect(names.origin("json_answer")).toMatchObject({ kind: "answer" });
    expect(losses).toEqual(["estimated response_format"]);
  });

  test("is such a tool beside those of a history", () => {
    const { body } = writeRequest({ format, items: [message("user", "a"), call("c"), output("c", "1")] });
    expect(body.tools).toMatchObject([{ name: "f" }, { name: "json_answer" }]);
    expect(body.tool_choice).toMatchObject({ type: "tool", name: "json_answer" });
  });

  const inWords: readonly [name: string, wish: Partial<PivotRequest>, words: RegExp][] = [
    ["beside tools of the client's own", { format, tools }, /JSON Schema.*\n\{"type":"object"/],
    [
      "for a list",
      { format: { type: "json_schema", name: "n", schema: { type: "array" } } },
      /JSON Schema.*\n\{"type":"array"\}$/,
    ],
    ["for any object", { format: { type: "json_object" } }, /^Be brief\.\n\n.*one JSON object/],
  ];

  test.each(inWords)("is told in words %s", (_name, wish, words) => {
    const { body, losses } = writeRequest({ items: [message("system", "Be brief."), message("user", "a")], ...wish });
    expect(body.system).toMatch(words);
    expect(body.tool_choice).toBeUndefined();
    expect(losses).toEqual(["changed response_format"]);
  });
});
