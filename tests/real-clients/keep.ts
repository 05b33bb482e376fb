import type { TextWire } from "@headgate/wire";
import type { Reply } from "../harness/ask.ts";
import { at, type JsonObject, listAt, parse, textAt } from "../harness/json.ts";
import type { Called, Kept } from "./client.ts";

type Pieces = readonly JsonObject[];

/** What each wire's clients put together from a stream, and find in a whole answer. */
const readers: Readonly<Record<TextWire, { streamed(frames: Pieces): Pieces; whole(body: unknown): Pieces }>> = {
  chat: {
    streamed: (frames) => [messageOf(frames)],
    whole: (body) => [at(body, "choices", 0, "message") as JsonObject],
  },
  responses: {
    streamed: (frames) =>
      frames.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item as JsonObject),
    whole: (body) => listAt(body, "output") as Pieces,
  },
  messages: { streamed: blocksOf, whole: (body) => listAt(body, "content") as Pieces },
};

/** What a client keeps of an answer for its next request. */
export function keep(wire: TextWire, reply: Reply): Kept {
  const frames = reply.events.map(({ data }) => parse(data)).filter(isFrame);
  const pieces = frames.length > 0 ? readers[wire].streamed(frames) : readers[wire].whole(reply.json);
  return { pieces, callId: callsIn(wire, pieces)[0]?.id ?? "" };
}

const isFrame = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

/** A call as its client reads it. */
export interface SeenCall extends Called {
  readonly id: string;
  /** Chat and Responses say which kind of tool it is. */
  readonly custom: boolean;
}

const calls: Readonly<Record<TextWire, (pieces: Pieces) => readonly SeenCall[]>> = {
  chat: (pieces) => pieces.flatMap((message) => listAt(message, "tool_calls").map(chatCall)),
  responses: (pieces) =>
    pieces
      .filter(({ type }) => type === "function_call" || type === "custom_tool_call")
      .map(({ type, call_id, name, namespace, arguments: written, input }) => ({
        id: String(call_id),
        name: String(name),
        ...(namespace === undefined ? {} : { namespace: String(namespace) }),
        input: type === "function_call" ? (parse(String(written)) as JsonObject) : String(input),
        custom: type === "custom_tool_call",
      })),
  messages: (pieces) =>
    pieces
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => ({
        id: String(id),
        name: String(name),
        input: input as JsonObject,
        custom: false,
      })),
};

function chatCall(call: unknown): SeenCall {
  const id = textAt(call, "id");
  return at(call, "type") === "custom"
    ? { id, name: textAt(call, "custom", "name"), input: textAt(call, "custom", "input"), custom: true }
    : {
        id,
        name: textAt(call, "function", "name"),
        input: parse(textAt(call, "function", "arguments")) as JsonObject,
        custom: false,
      };
}

export const callsIn = (wire: TextWire, pieces: Pieces): readonly SeenCall[] => calls[wire](pieces);

/** Texts are put together, lists are joined, calls by their index. */
function messageOf(frames: Pieces): JsonObject {
  const message: Record<string, unknown> = { role: "assistant", content: null };
  const toolCalls: Record<string, unknown>[] = [];
  for (const delta of frames.map((frame) => at(frame, "choices", 0, "delta"))) {
    for (const [key, value] of Object.entries(delta ?? {})) {
      if (key === "tool_calls") for (const piece of value as Pieces) addPiece(toolCalls, piece);
      else if (key !== "role" && typeof value === "string") message[key] = String(message[key] ?? "") + value;
      else if (Array.isArray(value)) message[key] = [...listAt(message, key), ...value];
    }
  }
  return toolCalls.length > 0 ? { ...message, tool_calls: toolCalls } : message;
}

function addPiece(toolCalls: Record<string, unknown>[], { index, ...piece }: JsonObject): void {
  toolCalls[Number(index)] ??= {};
  const known = toolCalls[Number(index)] ?? {};
  for (const [key, value] of Object.entries(piece)) {
    if (typeof value !== "object" || value === null) known[key] = value;
    else known[key] = joined((known[key] ?? {}) as Record<string, string>, value as Record<string, string>);
  }
}

function joined(known: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>): JsonObject {
  return {
    ...known,
    ...Object.fromEntries(Object.entries(more).map(([key, text]) => [key, (known[key] ?? "") + text])),
  };
}

function blocksOf(frames: Pieces): Pieces {
  const blocks: Record<string, unknown>[] = [];
  const inputs = new Map<Record<string, unknown>, string>();
  const add = (block: Record<string, unknown>, key: string, text: string) => {
    block[key] = String(block[key] ?? "") + text;
  };
  for (const frame of frames) {
    if (frame.type === "content_block_start") blocks[Number(frame.index)] = { ...(frame.content_block as JsonObject) };
    const block = blocks[Number(frame.index)];
    if (frame.type !== "content_block_delta" || block === undefined) continue;
    const { type, ...delta } = frame.delta as JsonObject;
    if (type === "input_json_delta") inputs.set(block, (inputs.get(block) ?? "") + String(delta.partial_json));
    else for (const [key, value] of Object.entries(delta)) if (typeof value === "string") add(block, key, value);
  }
  for (const [block, written] of inputs) block.input = parse(written === "" ? "{}" : written);
  return blocks;
}
