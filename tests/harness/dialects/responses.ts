import type { SseEvent } from "@headgate/wire";
import { at, type JsonObject, listAt, numberAt, parse, textAt } from "../json.ts";
import { contentText, readError } from "./chat.ts";
import { type Dialect, type Said, type SaidCall, type Turn, toolParameters } from "./dialect.ts";

export const responses: Dialect = {
  wire: "responses",
  path: "/v1/responses",
  headers: {},
  writeRequest: ({ system, turns, tools, maxTokens }, model, stream) => ({
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { instructions: system }),
    input: turns.flatMap((turn) => writeTurn(turn)),
    ...(tools === undefined
      ? {}
      : { tools: tools.map((name) => ({ type: "function", name, parameters: toolParameters, strict: null })) }),
    ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
    ...(stream ? { stream: true } : {}),
  }),
  readRequest: (body) => {
    const items = listAt(body, "input");
    const systems = items
      .filter((item) => at(item, "role") === "system")
      .map((item) => contentText(at(item, "content")));
    const system = [at(body, "instructions"), ...systems].filter((text) => typeof text === "string");
    const tools = listAt(body, "tools").map((tool) => textAt(tool, "name"));
    const limit = at(body, "max_output_tokens");
    return {
      model: textAt(body, "model"),
      stream: at(body, "stream") === true,
      ...(system.length === 0 ? {} : { system: system.join("\n") }),
      turns: readTurns(items),
      ...(tools.length === 0 ? {} : { tools }),
      ...(typeof limit === "number" ? { maxTokens: limit } : {}),
    };
  },
  readWhole: (body) => {
    const output = listAt(body, "output");
    const calls = output.filter((item) => at(item, "type") === "function_call").map(readCall);
    const messages = output.filter((item) => at(item, "type") === "message");
    return {
      text: messages.map((item) => contentText(at(item, "content"))).join(""),
      calls,
      finish: finishOf(body, calls.length),
      usage: readUsage(body),
    };
  },
  readStream,
  readError,
  readStreamError: (events) => {
    const flat = events.find(({ event }) => event === "error");
    const failed = events.find(({ event }) => event === "response.failed");
    if (flat === undefined || failed === undefined) return undefined;
    const error = parse(flat.data);
    return { message: textAt(error, "message"), type: textAt(error, "type"), code: textAt(error, "code") };
  },
  isTerminal: ({ event }) => event === "response.completed" || event === "response.incomplete",
};

function writeTurn(turn: Turn): readonly JsonObject[] {
  if (turn.role === "calls") {
    return turn.calls.map(({ id, name, arguments: input }) => ({
      type: "function_call",
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    }));
  }
  if (turn.role === "results") {
    return turn.results.map(({ id, output }) => ({ type: "function_call_output", call_id: id, output }));
  }
  return [{ role: turn.role, content: turn.text }];
}

function readTurns(items: readonly unknown[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const item of items) {
    const type = at(item, "type");
    const role = at(item, "role");
    const last = turns.at(-1);
    if (type === "function_call") {
      const earlier = last?.role === "calls" ? last.calls : [];
      if (last?.role === "calls") turns.pop();
      turns.push({ role: "calls", calls: [...earlier, readCall(item)] });
    } else if (type === "function_call_output") {
      const earlier = last?.role === "results" ? last.results : [];
      if (last?.role === "results") turns.pop();
      const result = { id: textAt(item, "call_id"), output: contentText(at(item, "output")) };
      turns.push({ role: "results", results: [...earlier, result] });
    } else if (role === "user" || role === "assistant") turns.push({ role, text: contentText(at(item, "content")) });
  }
  return turns;
}

const readCall = (item: unknown): SaidCall => ({
  id: textAt(item, "call_id"),
  name: textAt(item, "name"),
  arguments: parse(textAt(item, "arguments")),
});

const readUsage = (response: unknown): Said["usage"] => ({
  input: numberAt(response, "usage", "input_tokens"),
  output: numberAt(response, "usage", "output_tokens"),
});

function finishOf(response: unknown, calls: number): string {
  const status = at(response, "status");
  if (status === "completed") return calls > 0 ? "tool_calls" : "stop";
  const reason = textAt(response, "incomplete_details", "reason");
  return reason === "max_output_tokens" ? "length" : reason || String(status);
}

function readStream(events: readonly SseEvent[]): Said {
  const calls = new Map<unknown, { id: string; name: string; arguments: string }>();
  let text = "";
  let end: unknown;
  for (const { event, data } of events) {
    const frame = parse(data);
    const item = at(frame, "item");
    if (event === "response.output_text.delta") text += textAt(frame, "delta");
    else if (event === "response.output_item.added" && at(item, "type") === "function_call") {
      calls.set(at(frame, "output_index"), { id: textAt(item, "call_id"), name: textAt(item, "name"), arguments: "" });
    } else if (event === "response.function_call_arguments.delta") {
      const call = calls.get(at(frame, "output_index"));
      if (call !== undefined) call.arguments += textAt(frame, "delta");
    } else if (responses.isTerminal({ event, data })) end = at(frame, "response");
  }
  return {
    text,
    calls: [...calls.values()].map((call) => ({ ...call, arguments: parse(call.arguments) })),
    finish: finishOf(end, calls.size),
    usage: readUsage(end),
  };
}
