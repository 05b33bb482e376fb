import {
  codecs,
  type JsonObject,
  Ledger,
  type Loss,
  type TextWire,
  textWires,
  type WireFeature,
  wireFeatures,
} from "../../packages/wire/src/index.ts";
import { escapeText, writeTable } from "./blocks.ts";
import { type Probe, probes } from "./translation-probes.ts";

const titles: Readonly<Record<TextWire, string>> = {
  chat: "Chat Completions",
  responses: "Responses",
  messages: "Messages",
};

/** What becomes of each thing that a client may send, found out by translating it; a table for each client's wire. */
export function translationTables(): ReadonlyMap<string, string> {
  const tables = textWires.map((from) => [`translation-${from}`, tableOf(from)] as const);
  return new Map([...tables, ["translation-endings", endings()]]);
}

function tableOf(from: TextWire): string {
  const targets = textWires.filter((to) => to !== from);
  const head = [`a client of ${titles[from]} sends`, ...targets.map((to) => `a backend of ${titles[to]} gets`)];
  return writeTable(
    head,
    probes[from].map((probe) => [probe.name, ...targets.map((to) => cellOf(probe, from, to))]),
  );
}

/** One word where nothing is lost; else what is, and the feature of a backend that would keep it. */
function cellOf({ body }: Probe, from: TextWire, to: TextWire): string {
  const plain = lossesOf(body, from, to, []);
  if (plain.length === 0) return "the same";
  const rich = lossesOf(body, from, to, wireFeatures);
  if (rich.length > 0) return textOf(rich);
  const enough = wireFeatures.filter((feature) => lossesOf(body, from, to, [feature]).length === 0);
  const keeping = enough.length === 0 ? "all of the features" : enough.map((feature) => `\`${feature}\``).join(" or ");
  return `the same with ${keeping}; else ${textOf(plain)}`;
}

function lossesOf(body: JsonObject, from: TextWire, to: TextWire, features: readonly WireFeature[]): readonly Loss[] {
  const ledger = new Ledger(from, to);
  const request = codecs[from].readRequest(body, ledger);
  codecs[to].writeRequest(request, { model: "m", features: new Set(features), maxOutputTokens: 9000 }, ledger);
  return ledger.losses;
}

const textOf = (losses: readonly Loss[]): string =>
  losses.map(({ effect, field, why }) => `${effect} (\`${field}\`: ${escapeText(why)})`).join("; ");

/** Whole answers that ended in each way that a backend of a wire has. */
const endingsOf: Readonly<Record<TextWire, readonly (readonly [name: string, body: JsonObject])[]>> = {
  chat: ["stop", "length", "tool_calls", "content_filter"].map((reason) => [`\`${reason}\``, chatAnswer(reason)]),
  responses: [
    ["`completed`", responsesAnswer("completed", null)],
    ["`incomplete`: `max_output_tokens`", responsesAnswer("incomplete", "max_output_tokens")],
    ["`incomplete`: `content_filter`", responsesAnswer("incomplete", "content_filter")],
  ],
  messages: [
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
  ].map((reason) => [`\`${reason}\``, messagesAnswer(reason)]),
};

function chatAnswer(reason: string): JsonObject {
  const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
  const message =
    reason === "tool_calls"
      ? { role: "assistant", content: null, tool_calls: [call] }
      : { role: "assistant", content: "x" };
  return { id: "a", object: "chat.completion", model: "m", choices: [{ index: 0, message, finish_reason: reason }] };
}

function responsesAnswer(status: string, reason: string | null): JsonObject {
  const output = [{ type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "x" }] }];
  return { id: "resp_1", status, output, incomplete_details: reason === null ? null : { reason } };
}

function messagesAnswer(reason: string): JsonObject {
  const block =
    reason === "tool_use" ? { type: "tool_use", id: "t", name: "f", input: {} } : { type: "text", text: "x" };
  const stop = reason === "stop_sequence" ? "END" : null;
  return { id: "msg_1", type: "message", content: [block], stop_reason: reason, stop_sequence: stop };
}

const endingIn: Readonly<Record<TextWire, (body: JsonObject) => string>> = {
  chat: ({ choices }) => `\`${(choices as readonly { finish_reason: string }[])[0]?.finish_reason}\``,
  responses: ({ status, incomplete_details: details }) =>
    details === null ? `\`${String(status)}\`` : `\`${String(status)}\`: \`${(details as { reason: string }).reason}\``,
  messages: ({ stop_reason: reason }) => `\`${String(reason)}\``,
};

/** How an answer of each wire ends on the others. */
function endings(): string {
  const context = { id: "1", model: "m", created: 0, request: {} };
  const rows = textWires.flatMap((from) =>
    endingsOf[from].map(([name, body]) => {
      const events = codecs[from].readAnswer(body);
      const told = textWires.map((to) => endingIn[to](codecs[to].writeAnswer(events, context)));
      return [titles[from], name, ...told];
    }),
  );
  return writeTable(["backend", "ends with", ...textWires.map((wire) => titles[wire])], rows);
}
