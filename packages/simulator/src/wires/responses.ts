import type { Pieces, ResolvedToolCall } from "../answer/resolve.ts";
import { type JsonObject, toObject } from "../json.ts";
import { eventFrame, type Frame } from "./frame.ts";
import { logprobsOf, wantsResponsesLogprobs } from "./logprobs.ts";
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

/** One part of a reasoning item: a summary's, or the text itself. */
interface ReasoningPart extends Pieces {
  readonly type: "summary_text" | "reasoning_text";
}

/** The reasoning is the summary where only that is shown; a scripted summary stands beside it, part by part. */
function reasoningParts({ answer }: Rendering, dialect: ResponsesDialect): readonly ReasoningPart[] {
  const summarised = answer.summary.map((text) => ({ type: "summary_text" as const, chunks: [text], whole: text }));
  if (answer.reasoning === undefined) return summarised;
  if (dialect.reasoning === "text") return [...summarised, { ...answer.reasoning, type: "reasoning_text" }];
  return summarised.length > 0 ? summarised : [{ ...answer.reasoning, type: "summary_text" }];
}

const partEvents = {
  summary_text: {
    part: "response.reasoning_summary_part",
    text: "response.reasoning_summary_text",
    index: "summary_index",
  },
  reasoning_text: { part: "response.content_part", text: "response.reasoning_text", index: "content_index" },
} as const;

function reasoningItem(rendering: Rendering, dialect: ResponsesDialect): Item {
  const parts = reasoningParts(rendering, dialect);
  const written = (type: ReasoningPart["type"]) =>
    parts.filter((part) => part.type === type).map(({ whole }) => ({ type, text: whole }));
  const encrypted =
    Array.isArray(rendering.body.include) && rendering.body.include.includes("reasoning.encrypted_content");
  const item = (status: string, ended: boolean) => ({
    id: serialId("rs_", rendering.serial, 24),
    type: "reasoning",
    status,
    summary: ended ? written("summary_text") : [],
    ...(dialect.reasoning === "text" ? { content: ended ? written("reasoning_text") : [] } : {}),
    ...(encrypted ? { encrypted_content: rendering.answer.signature } : {}),
  });
  const whole = item("completed", true);
  function* frames(emit: Emit, index: number): Generator<Frame> {
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", false) });
    for (const [order, { type, chunks, whole: text }] of parts.entries()) {
      const names = partEvents[type];
      const number = parts.slice(0, order).filter((part) => part.type === type).length;
      const place = { item_id: whole.id, output_index: index, [names.index]: number };
      yield emit(`${names.part}.added`, { ...place, part: { type, text: "" } });
      for (const delta of chunks) yield emit(`${names.text}.delta`, { ...place, delta }, delta !== "");
      yield emit(`${names.text}.done`, { ...place, text });
      yield emit(`${names.part}.done`, { ...place, part: { type, text } });
    }
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

function messageItem(text: Pieces, rendering: Rendering, dialect: ResponsesDialect): Item {
  const { answer, body } = rendering;
  const refused = answer.finish === "refusal";
  const sure = (pieces: Iterable<string>) =>
    wantsResponsesLogprobs(body) ? [...pieces].flatMap((piece) => logprobsOf(piece, body.top_logprobs)) : [];
  const annotations = answer.citations.map(({ url, title, start, end }) => ({
    type: "url_citation",
    url,
    title,
    start_index: start,
    end_index: end,
  }));
  const part = (content: string) =>
    refused
      ? { type: "refusal", refusal: content }
      : {
          type: "output_text",
          text: content,
          annotations: content === "" ? [] : annotations,
          logprobs: content === "" ? [] : sure(text.chunks),
        };
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
  const logprobs = (pieces: Iterable<string>) => (refused ? {} : { logprobs: sure(pieces) });
  function* frames(emit: Emit, index: number): Generator<Frame> {
    const place = { item_id: whole.id, output_index: index, content_index: 0 };
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", []) });
    yield emit("response.content_part.added", { ...place, part: part("") });
    for (const delta of text.chunks) {
      yield emit(`${name}.delta`, { ...place, delta, ...logprobs([delta]), ...dialect.deltaExtras }, delta !== "");
    }
    for (const [order, annotation] of annotations.entries()) {
      yield emit("response.output_text.annotation.added", { ...place, annotation_index: order, annotation });
    }
    yield emit(`${name}.done`, { ...place, [refused ? "refusal" : "text"]: text.whole, ...logprobs(text.chunks) });
    yield emit("response.content_part.done", { ...place, part: part(text.whole) });
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

/** What a call of either kind is called: the item, its text's key, its events and the beginning of its id. */
const callForms = {
  function: { type: "function_call", key: "arguments", event: "response.function_call_arguments", prefix: "fc_" },
  custom: { type: "custom_tool_call", key: "input", event: "response.custom_tool_call_input", prefix: "ctc_" },
} as const;

function callItem(call: ResolvedToolCall, order: number, rendering: Rendering, dialect: ResponsesDialect): Item {
  const form = callForms[call.custom ? "custom" : "function"];
  const id = serialId(form.prefix, rendering.serial, 24, order);
  const item = (status: string, written: string) => ({
    id,
    type: form.type,
    status,
    call_id: call.id ?? serialId("call_", rendering.serial, 24, order),
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    [form.key]: written,
  });
  const whole = item(statusOf(rendering), call.whole);
  const named = call.custom ? {} : { name: call.name };
  function* frames(emit: Emit, index: number): Generator<Frame> {
    const place = { item_id: id, output_index: index };
    yield emit("response.output_item.added", { output_index: index, item: item("in_progress", "") }, true);
    for (const delta of call.chunks) {
      yield emit(`${form.event}.delta`, { ...place, delta, ...dialect.deltaExtras }, true);
    }
    yield emit(`${form.event}.done`, { ...place, ...named, [form.key]: call.whole });
    yield emit("response.output_item.done", { output_index: index, item: whole });
  }
  return { frames, whole };
}

const thinks = ({ answer }: Rendering): boolean => answer.reasoning !== undefined || answer.summary.length > 0;

const toItems = (rendering: Rendering, dialect: ResponsesDialect): readonly Item[] => [
  ...(thinks(rendering) ? [reasoningItem(rendering, dialect)] : []),
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
