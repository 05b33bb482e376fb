import type { JsonObject, JudgeSeal, Loss, PivotRequest, TextWire, Wire, WriteOptions } from "@headgate/wire";
import {
  bareSeals,
  budgetThinking,
  changesMeaning,
  codecs,
  dropBareReasoning,
  Ledger,
  needsRewrite,
  pauseThinking,
  requestNeeds,
  rewriteConversation,
  spliceTopLevel,
  ToolNames,
} from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { Inbound, TransportRequest } from "../ports.ts";
import type { BodyPatch, Call } from "../provider/index.ts";
import { wantsChoices } from "./answer.ts";
import type { Run } from "./run.ts";

/** An exchange ready to be sent, and what its body could not carry. */
export interface Shaped {
  readonly request: TransportRequest;
  readonly losses: readonly Loss[];
  /** How the client's tools were spelled for the backend; absent where they have their own names. */
  readonly tools?: ToolNames;
}

/** The plugin asked for something that the host does not allow, or broke. */
export class PluginError extends Error {}

/** The caller would rather have no answer than one to another question. */
export class StrictLoss extends Error {}

/** The request goes on from what another backend was told: this one would answer to half a conversation. */
export class LostThread extends Error {}

const nothing: BodyPatch = {};

/**
 * Shapes the exchange with a candidate: translates the body when the candidate is asked on another wire, lets the
 * provider say where and how, and splices its keys into the text.
 *
 * @throws StrictLoss when the caller is strict, and something that changes the meaning cannot be carried.
 */
export function shapeExchange(run: Run, admitted: Admitted<Wire>, stream: boolean, patch = nothing): Shaped {
  const { inbound } = run;
  const { candidate, provider, wire } = admitted;
  const ledger = new Ledger(inbound.wire, isText(admitted) ? admitted.wire : inbound.wire);
  const prepared = isText(admitted) ? prepareBody(run, admitted, ledger) : untouched;
  const body = prepared.translated ?? patched(inbound.json, prepared);
  const call: Call = {
    operation: inbound.operation ?? "generate",
    wire,
    model: candidate.model,
    body,
    stream,
    headers: forwarded(inbound, provider.forwards),
    within: admitted.within,
  };
  const shaped = provider.request(call);
  if (!isAllowed(shaped.url, provider.origins)) {
    throw new PluginError(
      `${candidate.ref.provider} asked for ${originOf(shaped.url)}, which is not one of its origins`,
    );
  }
  const set: Record<string, unknown> = { ...prepared.set, model: candidate.model.id };
  if (shaped.set !== undefined) Object.assign(set, shaped.set);
  if (patch.set !== undefined) Object.assign(set, patch.set);
  const unset = [...prepared.unset, ...(shaped.unset ?? []), ...(patch.unset ?? [])];
  for (const key of shaped.dropped ?? []) ledger.dropped(key, "the model refuses it");
  for (const key of patch.unset ?? []) {
    if (Object.hasOwn(body, key)) ledger.dropped(key, "the backend has refused it");
  }
  if (prepared.translated === undefined) {
    dropReserved(inbound, provider.reserved ?? [], set, unset, ledger);
    if (candidate.model.reasoning === false) dropReasoning(inbound, unset, ledger);
  }
  const { losses } = ledger;
  if (run.strict) refuseLosses(losses, candidate.ref.text);
  const text =
    prepared.translated === undefined
      ? spliceTopLevel(inbound.text, inbound.json, { set, unset })
      : write(prepared.translated, set, unset);
  const headers =
    shaped.headers === undefined ? candidate.entry.headers : { ...shaped.headers, ...candidate.entry.headers };
  const request: TransportRequest = {
    url: shaped.url,
    method: "POST",
    headers,
    body: text,
    connectTimeout: candidate.timeouts.connect,
  };
  return prepared.tools === undefined || prepared.tools.isPlain
    ? { request, losses }
    : { request, losses, tools: prepared.tools };
}

/** Bodies of the other wires are nobody's to translate. */
const isText = (admitted: Admitted<Wire>): admitted is Admitted =>
  admitted.wire !== "embeddings" && admitted.wire !== "completions";

/** A body on the backend's wire, or what of the client's own has to change. */
interface PreparedBody {
  /** Absent where the client's text is sent, with `set` and `unset` spliced in. */
  readonly translated?: JsonObject;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset: readonly string[];
  readonly tools?: ToolNames;
}

const untouched: PreparedBody = { unset: [] };

/** The client's body as it will be sent: what a provider shapes must not be what has been replaced. */
function patched(json: JsonObject, { set, unset }: PreparedBody): JsonObject {
  if (set === undefined && unset.length === 0) return json;
  const body: Record<string, unknown> = { ...json, ...set };
  for (const key of unset) delete body[key];
  return body;
}

function prepareBody(run: Run, admitted: Admitted, ledger: Ledger): PreparedBody {
  const { inbound, engine } = run;
  const { candidate, wire } = admitted;
  const provider = candidate.ref.provider;
  const options: WriteOptions = {
    model: candidate.model.id,
    features: candidate.features,
    provider,
    ...(candidate.model.maxTokens === undefined ? {} : { maxOutputTokens: candidate.model.maxTokens }),
  };
  const unset = [...withoutThread(inbound, admitted)];
  if (wire !== inbound.wire) return translate(inbound, admitted, options, ledger);
  for (const key of unset) ledger.dropped(key, "the backend holds no conversations");
  const bared = ownReasoning(inbound.json, admitted, (seal) => engine.seals.judge(seal, provider), ledger);
  if (!needsRewrite(wire, inbound.json, candidate.features)) {
    const set = withinThinking(inbound.json, bared, bared !== undefined, admitted, ledger);
    if (!admitted.exact) askOnce(run, unset, ledger);
    return set === undefined && unset.length === 0 ? untouched : { ...(set === undefined ? {} : { set }), unset };
  }
  const tools = new ToolNames();
  const rewritten = rewriteConversation(wire, { ...inbound.json, ...bared }, { ...options, tools }, ledger);
  const set = withinThinking(inbound.json, rewritten.set, bared !== undefined, admitted, ledger);
  if (!admitted.exact || !tools.isPlain) askOnce(run, unset, ledger);
  return { set: set ?? {}, unset: [...rewritten.unset, ...unset], tools };
}

/** The conversation with no reasoning but the backend's own, as the backend gave it; `undefined` where it is so already. */
function ownReasoning(
  json: JsonObject,
  { candidate, wire }: Admitted,
  judge: JudgeSeal,
  ledger: Ledger,
): Record<string, unknown> | undefined {
  const { features } = candidate;
  // A provider that declares nothing is one of which nothing is known.
  const isKept = features.size === 0 || features.has("reasoning_input");
  const heard = isKept ? undefined : dropBareReasoning(wire, json, ledger);
  const bared = bareSeals(wire, heard === undefined ? json : { ...json, ...heard }, judge, ledger);
  return bared ?? heard;
}

/** Several answers to one question go through untouched or not at all: the pivot holds one. */
function askOnce(run: Run, unset: string[], ledger: Ledger): void {
  if (!wantsChoices(run)) return;
  ledger.changed("n", "one choice is made");
  unset.push("n");
}

/**
 * The keys to be set, and with them what makes a wish for thinking one that the backend takes.
 *
 * @param bared - Thoughts may have been left out.
 */
function withinThinking(
  json: JsonObject,
  set: Readonly<Record<string, unknown>> | undefined,
  bared: boolean,
  { candidate, wire }: Admitted,
  ledger: Ledger,
): Readonly<Record<string, unknown>> | undefined {
  if (wire !== "messages") return set;
  const budget = candidate.features.has("budget_thinking") ? budgetThinking({ ...json, ...set }, ledger) : undefined;
  const pauses = bared && !candidate.features.has("adaptive_thinking");
  const paused = pauses ? pauseThinking({ ...json, ...set }, ledger) : undefined;
  if (budget === undefined && paused === undefined) return set;
  return { ...set, ...budget, ...paused };
}

/**
 * The key to leave out where a backend holds no conversations between turns; Anthropic alone does.
 *
 * @throws LostThread when the request is but the end of one.
 */
function withoutThread({ wire, json }: Inbound, { candidate, wire: asked }: Admitted): readonly string[] {
  const { thread } = json;
  if (wire !== "messages" || typeof thread !== "object" || thread === null) return [];
  if (asked === "messages" && candidate.features.has("message_threads")) return [];
  if ((thread as JsonObject).type !== "continue") return ["thread"];
  throw new LostThread(`${candidate.ref.text} does not hold the thread that this request goes on from`);
}

function translate(
  inbound: Inbound,
  { candidate, wire }: Admitted,
  options: WriteOptions,
  ledger: Ledger,
): PreparedBody {
  const tools = new ToolNames();
  const request = codecs[inbound.wire].readRequest(inbound.json, ledger);
  const wished = candidate.model.reasoning === false ? withoutReasoning(request, inbound.wire, ledger) : request;
  return { translated: codecs[wire].writeRequest(wished, { ...options, tools }, ledger), unset: [], tools };
}

/** A client that wants no reasoning loses nothing. */
function withoutReasoning(request: PivotRequest, wire: TextWire, ledger: Ledger): PivotRequest {
  const { reasoning, ...rest } = request;
  if (reasoning === undefined) return request;
  const wished = reasoning.mode !== "disabled" && reasoning.effort !== "none";
  const [field] = reasoningKeys[wire];
  if (wished && field !== undefined) ledger.dropped(field, unreasoning);
  return rest;
}

/** Keys that only the provider may set are taken out of a client's body, so that none can widen a boundary. */
function dropReserved(
  { json }: Inbound,
  reserved: readonly string[],
  set: Readonly<Record<string, unknown>>,
  unset: string[],
  ledger: Ledger,
): void {
  for (const key of reserved) {
    if (!Object.hasOwn(json, key)) continue;
    ledger.dropped(key, "reserved by the provider");
    if (!Object.hasOwn(set, key)) unset.push(key);
  }
}

function refuseLosses(losses: readonly Loss[], ref: string): void {
  const grave = losses.filter(changesMeaning);
  if (grave.length === 0) return;
  const named = grave.slice(0, 8).map(({ effect, field, why }) => `${field} would be ${effect} (${why})`);
  throw new StrictLoss(`${ref} cannot take this request as it is: ${named.join("; ")}`);
}

const unreasoning = "the model's row says it does not reason";

const reasoningKeys: Readonly<Record<TextWire, readonly string[]>> = {
  chat: ["reasoning_effort", "reasoning"],
  responses: ["reasoning"],
  messages: ["thinking"],
};

/** Some backends refuse a wish for reasoning that the model cannot fulfil, and the row says that it cannot. */
function dropReasoning({ wire, json }: Inbound, unset: string[], ledger: Ledger): void {
  const wished = reasoningKeys[wire].filter((key) => Object.hasOwn(json, key));
  if (wished.length === 0 || !requestNeeds(wire, json).reasoning) return;
  for (const field of wished) {
    unset.push(field);
    ledger.dropped(field, unreasoning);
  }
}

function write(body: JsonObject, set: Readonly<Record<string, unknown>>, unset: readonly string[]): string {
  const whole: Record<string, unknown> = { ...body, ...set };
  for (const key of unset) delete whole[key];
  return JSON.stringify(whole);
}

const noHeaders: Readonly<Record<string, string>> = {};

function forwarded(inbound: Inbound, names: readonly string[] | undefined): Readonly<Record<string, string>> {
  if (names === undefined || names.length === 0) return noHeaders;
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = inbound.headers[name];
    if (value !== undefined && !credentials.has(name)) headers[name] = value;
  }
  return headers;
}

/** A client's credentials open Headgate, nothing behind it. */
const credentials = new Set(["authorization", "x-api-key", "cookie", "proxy-authorization"]);

function isAllowed(url: string, origins: readonly string[]): boolean {
  for (const origin of origins) {
    // The origin must be followed by a path: `http://127.0.0.1:1@evil` and `https://api.a.com.evil` must not pass.
    if (url.startsWith(origin) && url.charCodeAt(origin.length) === 0x2f) return true;
  }
  return false;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "an address that is no URL";
}
