import type { JsonObject, Loss, TextWire } from "@headgate/wire";
import { codecs, Ledger, requestNeeds, spliceTopLevel } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { Inbound, TransportRequest } from "../ports.ts";
import type { BodyPatch, Call } from "../provider/index.ts";

/** An exchange ready to be sent, and what its body could not carry. */
export interface Shaped {
  readonly request: TransportRequest;
  readonly losses: readonly Loss[];
}

/** The plugin asked for something that the host does not allow, or broke. */
export class PluginError extends Error {}

const nothing: BodyPatch = {};

/**
 * Shapes the exchange with a candidate: translates the body when the candidate is asked on another wire, lets the
 * provider say where and how, and splices its keys into the text.
 */
export function shapeExchange(inbound: Inbound, admitted: Admitted, stream: boolean, patch = nothing): Shaped {
  const { candidate, provider, wire } = admitted;
  const losses: Loss[] = [];
  const translated = wire === inbound.wire ? undefined : translate(inbound, admitted, losses);
  const body = translated ?? inbound.json;
  const call: Call = {
    operation: "generate",
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
  const set: Record<string, unknown> = { model: candidate.model.id };
  if (shaped.set !== undefined) Object.assign(set, shaped.set);
  if (patch.set !== undefined) Object.assign(set, patch.set);
  const unset = [...(shaped.unset ?? []), ...(patch.unset ?? [])];
  for (const key of shaped.dropped ?? []) {
    losses.push({ field: key, from: inbound.wire, to: wire, why: "the model refuses it", effect: "dropped" });
  }
  const reserved = translated === undefined ? (provider.reserved ?? []) : [];
  for (const key of reserved) {
    if (!Object.hasOwn(inbound.json, key)) continue;
    losses.push({ field: key, from: inbound.wire, to: wire, why: "reserved by the provider", effect: "dropped" });
    if (!Object.hasOwn(set, key)) unset.push(key);
  }
  if (translated === undefined && candidate.model.reasoning === false) dropReasoning(inbound, unset, losses);
  const text =
    translated === undefined ? spliceTopLevel(inbound.text, body, { set, unset }) : write(translated, set, unset);
  const headers =
    shaped.headers === undefined ? candidate.entry.headers : { ...shaped.headers, ...candidate.entry.headers };
  return {
    request: { url: shaped.url, method: "POST", headers, body: text, connectTimeout: candidate.timeouts.connect },
    losses,
  };
}

function translate(inbound: Inbound, admitted: Admitted, losses: Loss[]): JsonObject {
  const { candidate, wire } = admitted;
  const ledger = new Ledger(inbound.wire, wire);
  const request = codecs[inbound.wire].readRequest(inbound.json, ledger);
  const limit = candidate.model.maxTokens;
  const options = { model: candidate.model.id, ...(limit === undefined ? {} : { maxOutputTokens: limit }) };
  const body = codecs[wire].writeRequest(request, options, ledger);
  losses.push(...ledger.losses);
  return body;
}

const reasoningKeys: Readonly<Record<TextWire, readonly string[]>> = {
  chat: ["reasoning_effort", "reasoning"],
  responses: ["reasoning"],
  messages: ["thinking"],
};

/** Some backends refuse a wish for reasoning that the model cannot fulfil, and the row says that it cannot. */
function dropReasoning({ wire, json }: Inbound, unset: string[], losses: Loss[]): void {
  const wished = reasoningKeys[wire].filter((key) => Object.hasOwn(json, key));
  if (wished.length === 0 || !requestNeeds(wire, json).reasoning) return;
  for (const field of wished) {
    unset.push(field);
    losses.push({ field, from: wire, to: wire, why: "the model's row says it does not reason", effect: "dropped" });
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
