import type { Finish } from "../answer/answer.ts";
import type { Pieces, ResolvedToolCall } from "../answer/resolve.ts";
import { type JsonObject, toObject } from "../json.ts";
import { eventFrame, type Frame } from "./frame.ts";
import type { Rendering } from "./rendering.ts";

/** What differs between servers of Messages. */
export interface MessagesDialect {
  id(serial: number): string;
  toolId(serial: number, index: number): string;
  /** Sends a `ping` after the first block has started. */
  readonly pings: boolean;
  usage(rendering: Rendering): JsonObject;
  startUsage(rendering: Rendering): JsonObject;
  deltaUsage(rendering: Rendering): JsonObject;
  messageExtras(rendering: Rendering): JsonObject;
}

const stopReasons: Readonly<Record<Finish, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  refusal: "refusal",
  stop_sequence: "stop_sequence",
  pause: "pause_turn",
};

const ending = ({ answer, body }: Rendering): JsonObject => ({
  stop_reason: stopReasons[answer.finish],
  stop_sequence:
    answer.finish === "stop_sequence" && Array.isArray(body.stop_sequences) ? (body.stop_sequences[0] ?? null) : null,
  ...(stopReasons[answer.finish] === "refusal"
    ? { stop_details: { type: "refusal", category: null, explanation: null } }
    : {}),
});

const hidesThinking = (body: JsonObject): boolean => toObject(body.thinking).display === "omitted";

interface Block {
  readonly start: JsonObject;
  readonly deltas: Iterable<JsonObject>;
  readonly whole: JsonObject;
}

function* each(pieces: Iterable<string>, toDelta: (piece: string) => JsonObject): Generator<JsonObject> {
  for (const piece of pieces) yield toDelta(piece);
}

function* thinkingDeltas(pieces: Iterable<string>, signature: string): Generator<JsonObject> {
  yield* each(pieces, (thinking) => ({ type: "thinking_delta", thinking }));
  yield { type: "signature_delta", signature };
}

const thinkingBlock = (reasoning: Pieces, rendering: Rendering): Block => {
  const shown = hidesThinking(rendering.body) ? { chunks: [], whole: "" } : reasoning;
  const { signature } = rendering.answer;
  return {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: thinkingDeltas(shown.chunks, signature),
    whole: { type: "thinking", thinking: shown.whole, signature },
  };
};

/** Reasoning that only its maker can read comes as a whole. */
const redactedBlock = (data: string): Block => {
  const block = { type: "redacted_thinking", data };
  return { start: block, deltas: [], whole: block };
};

function textBlock(text: Pieces, { answer }: Rendering): Block {
  const citations = answer.citations.map(({ url, title, start, end }) => ({
    type: "web_search_result_location",
    url,
    title,
    cited_text: text.whole.slice(start, end),
    encrypted_index: "c2ltdWxhdGVk",
  }));
  return {
    start: { type: "text", text: "" },
    deltas: textDeltas(text.chunks, citations),
    whole: { type: "text", text: text.whole, ...(citations.length > 0 ? { citations } : {}) },
  };
}

function* textDeltas(pieces: Iterable<string>, citations: readonly JsonObject[]): Generator<JsonObject> {
  yield* each(pieces, (text) => ({ type: "text_delta", text }));
  for (const citation of citations) yield { type: "citations_delta", citation };
}

function* inputDeltas(call: ResolvedToolCall): Generator<JsonObject> {
  yield { type: "input_json_delta", partial_json: "" };
  yield* each(call.chunks, (piece) => ({ type: "input_json_delta", partial_json: piece }));
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const toolBlock = (call: ResolvedToolCall, id: string): Block => ({
  start: { type: "tool_use", id, name: call.name, input: {} },
  deltas: inputDeltas(call),
  whole: { type: "tool_use", id, name: call.name, input: parsed(call.whole) },
});

function toBlocks(rendering: Rendering, dialect: MessagesDialect): readonly Block[] {
  const { answer, serial } = rendering;
  return [
    ...(answer.reasoning ? [thinkingBlock(answer.reasoning, rendering)] : []),
    ...answer.redacted.map(redactedBlock),
    ...(answer.text ? [textBlock(answer.text, rendering)] : []),
    ...answer.toolCalls.map((call, index) => toolBlock(call, call.id ?? dialect.toolId(serial, index))),
  ];
}

const envelope = (rendering: Rendering, dialect: MessagesDialect): JsonObject => ({
  id: dialect.id(rendering.serial),
  type: "message",
  role: "assistant",
  model: rendering.name,
});

const event = (type: string, fields: JsonObject, output = false): Frame =>
  eventFrame(type, { type, ...fields }, output);

/** A block's beginning is output where it names a tool; empty deltas and signatures are none. */
const carriesOutput = (delta: JsonObject): boolean =>
  delta.type !== "signature_delta" && [delta.text, delta.thinking, delta.partial_json].some((piece) => Boolean(piece));

export function* messagesFrames(rendering: Rendering, dialect: MessagesDialect): Generator<Frame> {
  const message = {
    ...envelope(rendering, dialect),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...dialect.messageExtras(rendering),
    usage: dialect.startUsage(rendering),
  };
  yield event("message_start", { message });
  for (const [index, block] of toBlocks(rendering, dialect).entries()) {
    yield event("content_block_start", { index, content_block: block.start }, block.start.type === "tool_use");
    if (index === 0 && dialect.pings) yield event("ping", {});
    for (const delta of block.deltas) yield event("content_block_delta", { index, delta }, carriesOutput(delta));
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", { delta: ending(rendering), usage: dialect.deltaUsage(rendering) });
  yield event("message_stop", {});
}

export function messagesWhole(rendering: Rendering, dialect: MessagesDialect): JsonObject {
  return {
    ...envelope(rendering, dialect),
    content: toBlocks(rendering, dialect).map((block) => block.whole),
    ...ending(rendering),
    ...dialect.messageExtras(rendering),
    usage: dialect.usage(rendering),
  };
}
