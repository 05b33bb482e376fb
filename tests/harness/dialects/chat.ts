import type { SseEvent } from "@headgate/wire";
import { at, type JsonObject, listAt, numberAt, parse, textAt } from "../json.ts";
import { type Dialect, type Said, type SaidCall, type SaidError, type Turn, toolParameters } from "./dialect.ts";

export const chat: Dialect = {
  wire: "chat",
  path: "/v1/chat/completions",
  headers: {},
  writeRequest: ({ system, turns, tools, maxTokens }, model, stream) => ({
    ...(model === undefined ? {} : { model }),
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...turns.flatMap((turn) => writeTurn(turn)),
    ],
    ...(tools === undefined
      ? {}
      : { tools: tools.map((name) => ({ type: "function", function: { name, parameters: toolParameters } })) }),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  }),
  readRequest: (body) => {
    const messages = listAt(body, "messages");
    const systems = messages.filter((message) => at(message, "role") === "system").map((one) => textAt(one, "content"));
    const tools = listAt(body, "tools").map((tool) => textAt(tool, "function", "name"));
    const limit = at(body, "max_completion_tokens") ?? at(body, "max_tokens");
    return {
      model: textAt(body, "model"),
      stream: at(body, "stream") === true,
      ...(systems.length === 0 ? {} : { system: systems.join("\n") }),
      turns: readTurns(messages),
      ...(tools.length === 0 ? {} : { tools }),
      ...(typeof limit === "number" ? { maxTokens: limit } : {}),
    };
  },
  readWhole: (body) => ({
    text: textAt(body, "choices", 0, "message", "content"),
    calls: listAt(body, "choices", 0, "message", "tool_calls").map(readCall),
    finish: textAt(body, "choices", 0, "finish_reason"),
    usage: readUsage(body),
  }),
  readStream,
  readError,
  readStreamError: (events) => events.map((event) => readError(parse(event.data))).find((error) => error !== undefined),
  isTerminal: (event) => event.data === "[DONE]",
};

function writeTurn(turn: Turn): readonly JsonObject[] {
  if (turn.role === "calls") {
    const tool_calls = turn.calls.map(({ id, name, arguments: input }) => ({
      id,
      type: "function",
      function: { name, arguments: JSON.stringify(input) },
    }));
    return [{ role: "assistant", content: null, tool_calls }];
  }
  if (turn.role === "results") {
    return turn.results.map(({ id, output }) => ({ role: "tool", tool_call_id: id, content: output }));
  }
  return [{ role: turn.role, content: turn.text }];
}

function readTurns(messages: readonly unknown[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = at(message, "role");
    const calls = listAt(message, "tool_calls");
    if (calls.length > 0) turns.push({ role: "calls", calls: calls.map(readCall) });
    else if (role === "user" || role === "assistant") turns.push({ role, text: contentText(at(message, "content")) });
    if (role !== "tool") continue;
    const result = { id: textAt(message, "tool_call_id"), output: contentText(at(message, "content")) };
    const last = turns.at(-1);
    if (last?.role === "results") turns.splice(-1, 1, { role: "results", results: [...last.results, result] });
    else turns.push({ role: "results", results: [result] });
  }
  return turns;
}

/** A string, or a list of text parts. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part) => textAt(part, "text")).join("") : "";
}

const readCall = (call: unknown): SaidCall => ({
  id: textAt(call, "id"),
  name: textAt(call, "function", "name"),
  arguments: parse(textAt(call, "function", "arguments")),
});

const readUsage = (body: unknown): Said["usage"] => ({
  input: numberAt(body, "usage", "prompt_tokens"),
  output: numberAt(body, "usage", "completion_tokens"),
});

function readStream(events: readonly SseEvent[]): Said {
  const frames = events.filter(({ data }) => data !== "[DONE]").map(({ data }) => parse(data));
  const calls: { id: string; name: string; arguments: string }[] = [];
  let text = "";
  let finish = "";
  let usage = { input: Number.NaN, output: Number.NaN };
  for (const frame of frames) {
    text += textAt(frame, "choices", 0, "delta", "content");
    finish ||= textAt(frame, "choices", 0, "finish_reason");
    if (typeof at(frame, "usage") === "object" && at(frame, "usage") !== null) usage = readUsage(frame);
    for (const fragment of listAt(frame, "choices", 0, "delta", "tool_calls")) {
      const index = numberAt(fragment, "index");
      calls[index] ??= { id: textAt(fragment, "id"), name: textAt(fragment, "function", "name"), arguments: "" };
      calls[index].arguments += textAt(fragment, "function", "arguments");
    }
  }
  return { text, calls: calls.map((call) => ({ ...call, arguments: parse(call.arguments) })), finish, usage };
}

/** `{ error: { message, type, param, code } }`, all four present. */
export function readError(body: unknown): SaidError | undefined {
  const error = at(body, "error");
  const code = at(error, "code");
  if (typeof at(error, "message") !== "string" || typeof at(error, "type") !== "string") return undefined;
  if (at(error, "param") === undefined || (typeof code !== "string" && code !== null)) return undefined;
  return { message: textAt(error, "message"), type: textAt(error, "type"), code };
}
