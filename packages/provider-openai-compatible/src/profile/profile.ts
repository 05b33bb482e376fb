import type { Call, FailedReply, Failure, HttpRequest, Provider, Wire, WireQuality } from "@headgate/core/provider";
import { type BaseUrl, wireUrl } from "./base-url.ts";
import { classifyFailure } from "./classify.ts";
import { listModels } from "./model-list.ts";
import { observeModel } from "./observe.ts";
import type { FailureRule } from "./rule.ts";

/** What an OpenAI-style backend needs to say of itself; the rest of a `Provider` follows from it. */
export interface Profile extends Partial<Omit<Provider, "origins" | "failure">> {
  readonly baseUrl: BaseUrl;
  readonly wires: Readonly<Partial<Record<Wire, WireQuality>>>;
  /** The backend's own ways to fail, asked before those that all share. Default: none. */
  readonly rules?: readonly FailureRule[];
}

/** Makes a provider: paths by wire, `local` for loopback and `unknown` elsewhere, shared failures, `GET /models`. */
export function createProvider(profile: Profile): Provider {
  const { baseUrl, rules, ...own } = profile;
  return {
    origins: [baseUrl.origin],
    places: () => [baseUrl.loopback ? "local" : "unknown"],
    request: (call: Call) => modelRequest(baseUrl, call),
    failure: (reply: FailedReply): Failure => classifyFailure(reply, rules),
    observe: (answer) => observeModel(answer),
    models: (ask) => listModels(ask, `${baseUrl.root}/models${baseUrl.query}`),
    ...own,
  };
}

/** The plain exchange: the path of wire and operation, the model's id in the body, and the client's headers that `forwards` names. */
export function modelRequest(baseUrl: BaseUrl, call: Call): ModelRequest {
  const request = { url: wireUrl(baseUrl, call.wire, call.operation), set: { model: call.model.id } };
  return Object.keys(call.headers).length === 0 ? request : { ...request, headers: call.headers };
}

/** See {@link modelRequest}. */
export interface ModelRequest extends HttpRequest {
  readonly set: { readonly model: string };
}
