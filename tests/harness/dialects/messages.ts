import type { SseEvent } from "@headgate/wire";
import { at, type JsonObject, listAt, numberAt, parse, textAt } from "../json.ts";
import { contentText } from "./chat.ts";
import { type Dialect, type Said, type SaidCall, type SaidError, type Turn, toolParameters } from "./dialect.ts";

export const messages: Dialect = {
  wire: "messages",
  path: "/v1/messages",
  headers: { "anthropic-version": "2023-06-01" },
  writeRequest: ({ system, turns, tools, maxTokens }, model, stream) => ({
    ...(model === undefined ? {} : { model }),
    max_tokens: maxTokens ?? 1024,
    ...(system === undefined ? {} : { system }),
    messages: turns.map(writeTurn),
    ...(tools === undefined ? {} : { tools: tools.map((name) => ({ name, input_schema: toolParameters })) }),
    ...(stream ? { stream: true } : {}),
  }),
  readRequest: (body) => {
    const system = at(body, "system");
    const tools = listAt(body, "tools").map((tool) => textAt(tool, "name"));
    const limit = at(body, "max_tokens");
    return {
      model: textAt(body, "model"),
      stream: at(body, "stream") === true,
      ...(system === undefined ? {} : { system: contentText(system) }),
      turns: listAt(body, "messages").flatMap(readTurn),
      ...(tools.length === 0 ? {} : { tools }),
      ...(typeof limit === "number" ? { maxTokens: limit } : {}),
    };
  },
  readWhole: (body) => {
    const blocks = listAt(body, "content");
    return {
      text: contentText(blocks.filter((block) => at(block, "type") === "text")),
      calls: blocks.filter((block) => at(block, "type") === "tool_use").map(readCall),
      finish: finishOf(textAt(body, "stop_reason")),
      usage: readUsage(body),
    };
  },
  readStream,
  readError,
  readStreamError: (events) => {
    const error = events.find(({ event }) => event === "error");
    return error === undefined ? undefined : readError(parse(error.data));
  },
  isTerminal: ({ event }) => event === "message_stop",
};

function writeTurn(turn: Turn): JsonObject {
  if (turn.role === "calls") {
    const content = turn.calls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input }));
    return { role: "assistant", content };
  }
  if (turn.role === "results") {
    const content = turn.results.map(({ id, output }) => ({ type: "tool_result", tool_use_id: id, content: output }));
    return { role: "user", content };
  }
  return { role: turn.role, content: turn.text };
}

function readTurn(message: unknown): readonly Turn[] {
  const role = at(message, "role");
  const content = at(message, "content");
  const blocks = listAt(message, "content");
  const calls = blocks.filter((block) => at(block, "type") === "tool_use").map(readCall);
  const results = blocks
    .filter((block) => at(block, "type") === "tool_result")
    .map((block) => ({ id: textAt(block, "tool_use_id"), output: contentText(at(block, "content")) }));
  const text =
    typeof content === "string" ? content : contentText(blocks.filter((block) => at(block, "type") === "text"));
  const turns: Turn[] = [];
  if (results.length > 0) turns.push({ role: "results", results });
  if ((role === "user" || role === "assistant") && text !== "") turns.push({ role, text });
  if (calls.length > 0) turns.push({ role: "calls", calls });
  return turns;
}

const readCall = (block: unknown): SaidCall => ({
  id: textAt(block, "id"),
  name: textAt(block, "name"),
  arguments: at(block, "input"),
});

const readUsage = (body: unknown): Said["usage"] => ({
  input: numberAt(body, "usage", "input_tokens"),
  output: numberAt(body, "usage", "output_tokens"),
});

const finishes = new Map([
  ["end_turn", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
]);

const finishOf = (reason: string): string => finishes.get(reason) ?? reason;

function readStream(events: readonly SseEvent[]): Said {
  const calls = new Map<unknown, { id: string; name: string; arguments: string }>();
  let text = "";
  let finish = "";
  let usage = { input: Number.NaN, output: Number.NaN };
  for (const { event, data } of events) {
    const frame = parse(data);
    const block = at(frame, "content_block");
    const index = at(frame, "index");
    if (event === "message_start") usage = readUsage(at(frame, "message"));
    else if (event === "content_block_start" && at(block, "type") === "tool_use") {
      calls.set(index, { id: textAt(block, "id"), name: textAt(block, "name"), arguments: "" });
    } else if (event === "content_block_delta") {
      text += textAt(frame, "delta", "text");
      const call = calls.get(index);
      if (call !== undefined) call.arguments += textAt(frame, "delta", "partial_json");
    } else if (event === "message_delta") {
      finish = finishOf(textAt(frame, "delta", "stop_reason"));
      // Counts are cumulative; a server may leave out those that have not changed.
      const { input, output } = readUsage(frame);
      usage = { input: Number.isNaN(input) ? usage.input : input, output };
    }
  }
  const said = [...calls.values()].map((call) => ({ ...call, arguments: parse(call.arguments) }));
  return { text, calls: said, finish, usage };
}

/** `{ type: "error", error: { type, message }, request_id }`. */
function readError(body: unknown): SaidError | undefined {
  const error = at(body, "error");
  if (at(body, "type") !== "error" || typeof at(body, "request_id") !== "string") return undefined;
  if (typeof at(error, "message") !== "string" || typeof at(error, "type") !== "string") return undefined;
  return { message: textAt(error, "message"), type: textAt(error, "type"), code: null };
}
