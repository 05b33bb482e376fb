import type {
  Response,
  ResponseCreateParamsBase,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseOutputText,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { describe, expect, expectTypeOf, test } from "vitest";
import { foldAnswer } from "../pivot/fold.ts";
import type { JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import type { ResponsesInputItem, ResponsesInputPart, ResponsesRequest } from "./request-types.ts";
import { read } from "./testing/read.ts";
import type {
  ResponsesAnnotation,
  ResponsesAnswer,
  ResponsesEvent,
  ResponsesIncompleteReason,
  ResponsesOutputItem,
} from "./types.ts";

type Item<Type extends ResponsesInputItem["type"]> = Extract<ResponsesInputItem, { type: Type }>;

describe("the types we write", () => {
  test("are those that OpenAI declares for a request", () => {
    expectTypeOf<Omit<ResponsesRequest, "input">>().toExtend<Omit<ResponseCreateParamsBase, "input">>();
    expectTypeOf<Item<"function_call" | "custom_tool_call">>().toExtend<ResponseInputItem>();
    type Output<Type> = Item<"function_call_output" | "custom_tool_call_output"> & { type: Type };
    expectTypeOf<Output<"function_call_output">>().toExtend<ResponseInputItem>();
    expectTypeOf<Output<"custom_tool_call_output">>().toExtend<ResponseInputItem>();
    // OpenAI's types want the id of what it stored; what is not stored has none.
    expectTypeOf<Item<"reasoning"> & { id: string }>().toExtend<ResponseInputItem>();
    // They know no sound on this wire.
    type Heard = { type: "message"; role: "user"; content: Exclude<ResponsesInputPart, { type: "input_audio" }>[] };
    expectTypeOf<Heard>().toExtend<ResponseInputItem>();
    expectTypeOf<Heard>().toExtend<Item<"message">>();
    expectTypeOf<Extract<Item<"message">, { role: "assistant" }>>().toExtend<ResponseInputItem>();
  });

  test("are those that OpenAI declares for an answer", () => {
    expectTypeOf<ResponsesOutputItem>().toExtend<ResponseOutputItem>();
    expectTypeOf<ResponsesAnnotation>().toExtend<ResponseOutputText["annotations"][number]>();
    type Plain = Exclude<ResponsesEvent, { response: unknown }>;
    type Numbered<Event> = Event extends unknown ? Event & { sequence_number: number } : never;
    expectTypeOf<Numbered<Plain>>().toExtend<ResponseStreamEvent>();
    expectTypeOf<ResponsesEvent["type"]>().toExtend<ResponseStreamEvent["type"]>();
    type Own = "id" | "object" | "created_at" | "completed_at" | "model" | "status" | "output" | "incomplete_details";
    expectTypeOf<Pick<ResponsesAnswer, Own | "usage">>().toExtend<Pick<Response, Own>>();
    expectTypeOf<ResponsesIncompleteReason>().toEqualTypeOf<
      NonNullable<NonNullable<Response["incomplete_details"]>["reason"]>
    >();
  });
});

/** A turn of Codex, as OpenAI's types declare it. */
const turn = {
  model: "m",
  stream: true,
  store: false,
  include: ["reasoning.encrypted_content"],
  reasoning: { effort: "medium", summary: "auto" },
  text: { verbosity: "low" },
  prompt_cache_key: "k",
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [
    { type: "function", name: "shell", parameters: { type: "object" }, strict: false },
    { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: /.+/" } },
    { type: "namespace", name: "mcp", description: "d", tools: [{ type: "function", name: "f", strict: null }] },
  ],
  input: [
    { role: "developer", content: "a" },
    { type: "additional_tools", role: "developer", tools: [{ type: "custom", name: "exec" }] },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "b" },
        { type: "input_image", image_url: "data:image/png;base64,aGk=", detail: "auto" },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "s" }], encrypted_content: "x" },
    { type: "function_call", call_id: "c1", name: "f", namespace: "mcp", arguments: "{}", status: "completed" },
    { type: "function_call_output", call_id: "c1", output: "o" },
    { type: "custom_tool_call", call_id: "c2", name: "apply_patch", input: "*** Begin" },
    { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "done" }] },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      phase: "final_answer",
      content: [{ type: "output_text", text: "Done.", annotations: [] }],
    },
  ],
} satisfies ResponseCreateParamsStreaming;

/** A stream as OpenAI's types declare it, up to its end. */
const events: ResponseStreamEvent[] = [
  {
    type: "response.output_item.added",
    sequence_number: 1,
    output_index: 0,
    item: { type: "reasoning", id: "rs_1", summary: [] },
  },
  {
    type: "response.reasoning_summary_text.delta",
    sequence_number: 2,
    item_id: "rs_1",
    output_index: 0,
    summary_index: 0,
    delta: "s",
  },
  {
    type: "response.output_item.done",
    sequence_number: 3,
    output_index: 0,
    item: {
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "s" }],
      encrypted_content: "x",
    },
  },
  {
    type: "response.output_item.added",
    sequence_number: 4,
    output_index: 1,
    item: { type: "custom_tool_call", id: "ctc_1", call_id: "c", name: "exec", input: "", namespace: "n" },
  },
  {
    type: "response.custom_tool_call_input.delta",
    sequence_number: 5,
    item_id: "ctc_1",
    output_index: 1,
    delta: "ls",
  },
  { type: "response.custom_tool_call_input.done", sequence_number: 6, item_id: "ctc_1", output_index: 1, input: "ls" },
];

describe("what OpenAI declares", () => {
  test("is read of a request without a loss", () => {
    const { request, losses } = read(turn as unknown as JsonObject);
    expect(losses).toEqual([]);
    expect(request.items.map(({ type }) => type)).toEqual([
      "message",
      "message",
      "reasoning",
      "function_call",
      "function_call_output",
      "custom_call",
      "function_call_output",
      "message",
    ]);
    expect(request.tools.map(({ name }) => name)).toEqual(["shell", "apply_patch", "f", "exec"]);
  });

  test("is read of a stream", () => {
    const frames = events.map((event) => event as unknown as JsonObject);
    const end = { type: "response.completed", response: { status: "completed", output: [] } };
    const { items, reason } = foldAnswer(readStream("responses", namedFrames(...frames, end)));
    expect(items).toMatchObject([
      { item: { type: "reasoning" }, summary: ["s"], seal: { kind: "encrypted", value: "x" } },
      { item: { type: "custom_call", namespace: "n" }, text: "ls" },
    ]);
    expect(reason).toBe("tool_calls");
  });
});
