import type { Pieces, ResolvedToolCall } from "../answer/resolve.ts";
import { type JsonObject, toObject } from "../json.ts";
import { eventFrame, type Frame } from "./frame.ts";
import { type Rendering, serialId } from "./rendering.ts";

/** What differs between servers of Responses. */
export interface ResponsesDialect {
  id(serial: number): string;
  /** Reasoning is shown as a summary, or as the text itself. */
  readonly reasoning: "summary" | "text";
  /** Beside a text delta. */
  readonly deltaExtras: JsonObject;
  readonly messageExtras: JsonObject;
  responseExtras(rendering: Rendering): JsonObject;
}

type Emit = (type: string, fields: JsonObject, output?: boolean) => Frame;

/** Numbers the events from `first` on. */
export const createEmit = (first = 0): Emit => {
  let sequence = first;
  return (type, fields, output = false) => eventFrame(type, { type, ...fields, sequence_number: sequence++ }, output);
};

interface Item {
  frames(emit: Emit, index: number): Iterable<Frame>;
  readonly whole: JsonObject;
}

const statusOf = ({ answer }: Rendering): "completed" | "incomplete" =>
  answer.finish === "length" || answer.finish === "content_filter" ? "incomplete" : "completed";

function reasoningItem(reasoning: Pieces, rendering: Rendering, dialect: ResponsesDialect): Item {
  const summary = dialect.reasoning === "summary";
  const part = (text: string) => ({ type: summary ? "summary_text" : "reasoning_text", text });
  const listed = (parts: readonly JsonObject[]) => (summary ? { summary: parts } : { summary: [], content: parts });
  const encrypted =
    Array.isArray(rendering.body.include) && rendering.body.include.includes("reasoning.encrypted_content");
  const item = (status: string, parts: readonly JsonObject[]) => ({
    id: serialId("rs_", rendering.serial, 24),
    type: "reasoning",
    status,
    ...listed(parts),
    ...(encrypted ? { encrypted_content: rendering.answer.signature } : {}),
  });
  const whole = item("completed", [part(reasoning.whole)]);
  const names = summary
    ? { part: "response.reasoning_summary_part", text: "response.reasoning_summary_text", index: "summary_index" }
    : { part: "response.content_part", text: "response.reasoning_text", index: "content_index" };
  function* frames(emit: Emit, index: number): Generator<Frame> {
    const place = { item_id: whole.id, output_index: index, [names.index]: 0 };
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", []) });
    yield emit(`${names.part}.added`, { ...place, part: part("") });
    for (const delta of reasoning.chunks) yield emit(`${names.text}.delta`, { ...place, delta }, delta !== "");
    yield emit(`${names.text}.done`, { ...place, text: reasoning.whole });
    yield emit(`${names.part}.done`, { ...place, part: part(reasoning.whole) });
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

function messageItem(text: Pieces, rendering: Rendering, dialect: ResponsesDialect): Item {
  const refused = rendering.answer.finish === "refusal";
  const part = (content: string) =>
    refused
      ? { type: "refusal", refusal: content }
      : { type: "output_text", text: content, annotations: [], logprobs: [] };
  const item = (status: string, content: readonly JsonObject[]) => ({
    id: serialId("msg_", rendering.serial, 24),
    type: "message",
    role: "assistant",
    status,
    content,
    ...dialect.messageExtras,
  });
  const whole = item(statusOf(rendering), [part(text.whole)]);
  const name = refused ? "response.refusal" : "response.output_text";
  const logprobs = refused ? {} : { logprobs: [] };
  function* frames(emit: Emit, index: number): Generator<Frame> {
    const place = { item_id: whole.id, output_index: index, content_index: 0 };
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", []) });
    yield emit("response.content_part.added", { ...place, part: part("") });
    for (const delta of text.chunks) {
      yield emit(`${name}.delta`, { ...place, delta, ...logprobs, ...dialect.deltaExtras }, delta !== "");
    }
    yield emit(`${name}.done`, { ...place, [refused ? "refusal" : "text"]: text.whole, ...logprobs });
    yield emit("response.content_part.done", { ...place, part: part(text.whole) });
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

function callItem(call: ResolvedToolCall, order: number, rendering: Rendering, dialect: ResponsesDialect): Item {
  const id = serialId("fc_", rendering.serial, 24, order);
  const item = (status: string, written: string) => ({
    id,
    type: "function_call",
    status,
    call_id: call.id ?? serialId("call_", rendering.serial, 24, order),
    name: call.name,
    arguments: written,
  });
  const whole = item(statusOf(rendering), call.whole);
  function* frames(emit: Emit, index: number): Generator<Frame> {
    const place = { item_id: id, output_index: index };
    const name = "response.function_call_arguments";
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", "") }, true);
    for (const delta of call.chunks) yield emit(`${name}.delta`, { ...place, delta, ...dialect.deltaExtras }, true);
    yield emit(`${name}.done`, { ...place, name: call.name, arguments: call.whole });
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

const toItems = (rendering: Rendering, dialect: ResponsesDialect): readonly Item[] => [
  ...(rendering.answer.reasoning ? [reasoningItem(rendering.answer.reasoning, rendering, dialect)] : []),
  ...(rendering.answer.text ? [messageItem(rendering.answer.text, rendering, dialect)] : []),
  ...rendering.answer.toolCalls.map((call, order) => callItem(call, order, rendering, dialect)),
];

/** The request's own settings, as every Response repeats them, with the defaults that a server fills in. */
const echo = (body: JsonObject): JsonObject => ({
  background: false,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  max_tool_calls: body.max_tool_calls ?? null,
  metadata: body.metadata ?? {},
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  presence_penalty: 0,
  frequency_penalty: 0,
  previous_response_id: body.previous_response_id ?? null,
  prompt_cache_key: body.prompt_cache_key ?? null,
  reasoning: { effort: null, summary: null, ...toObject(body.reasoning) },
  safety_identifier: body.safety_identifier ?? null,
  service_tier: "default",
  store: body.store ?? true,
  temperature: body.temperature ?? 1,
  text: { format: { type: "text" }, ...toObject(body.text) },
  tool_choice: body.tool_choice ?? "auto",
  tools: body.tools ?? [],
  top_logprobs: 0,
  top_p: body.top_p ?? 1,
  truncation: body.truncation ?? "disabled",
});

const toUsage = ({ answer: { usage } }: Rendering): JsonObject => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cachedInput, cache_write_tokens: usage.cacheWrite },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
});

function toResponse(rendering: Rendering, dialect: ResponsesDialect, status: string, output: readonly JsonObject[]) {
  const ended = status === "completed" || status === "incomplete";
  const reason = rendering.answer.finish === "content_filter" ? "content_filter" : "max_output_tokens";
  return {
    id: dialect.id(rendering.serial),
    object: "response",
    created_at: rendering.created,
    completed_at: status === "completed" ? rendering.created : null,
    status,
    error: null as JsonObject | null,
    incomplete_details: status === "incomplete" ? { reason } : null,
    model: rendering.name,
    output,
    ...echo(rendering.body),
    usage: ended ? toUsage(rendering) : null,
    ...dialect.responseExtras(rendering),
  };
}

export function* responsesFrames(rendering: Rendering, dialect: ResponsesDialect): Generator<Frame> {
  const emit = createEmit();
  const started = toResponse(rendering, dialect, "in_progress", []);
  yield emit("response.created", { response: started });
  yield emit("response.in_progress", { response: started });
  const items = toItems(rendering, dialect);
  for (const [index, item] of items.entries()) yield* item.frames(emit, index);
  const status = statusOf(rendering);
  const output = items.map((item) => item.whole);
  yield emit(`response.${status}`, { response: toResponse(rendering, dialect, status, output) });
}

export const responsesWhole = (rendering: Rendering, dialect: ResponsesDialect): JsonObject =>
  toResponse(
    rendering,
    dialect,
    statusOf(rendering),
    toItems(rendering, dialect).map((item) => item.whole),
  );

/** The response as it stands when the backend breaks down. */
export const failedResponse = (rendering: Rendering, dialect: ResponsesDialect, error: JsonObject): JsonObject => ({
  ...toResponse(rendering, dialect, "failed", []),
  error,
});
