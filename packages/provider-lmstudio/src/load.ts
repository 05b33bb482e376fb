import {
  type Ask,
  type AskInit,
  type AskReply,
  CallRefused,
  type Failure,
  type JsonObject,
  type LoadProgress,
} from "@headgate/core/provider";
import { asObject, type BaseUrl, classifyFailure } from "@headgate/provider-openai-compatible";
import { rules } from "./failure.ts";
import { findModel } from "./status.ts";

/** A load, and who is told how far it is. */
export interface LoadWish {
  readonly model: string;
  /** Seconds of idleness after which LM Studio drops it. Default: LM Studio's own. */
  readonly ttl: number | undefined;
  readonly report: (progress: LoadProgress) => void;
}

/**
 * Has a model loaded as a request would, by an answer of one token: such a model is dropped when it is idle or another one
 * needs its place. One that `/api/v1/models/load` has loaded stays, and a second such load is a second copy; that is asked
 * for only where requests are set to load nothing.
 */
export async function loadModel(ask: Ask, baseUrl: BaseUrl, wish: LoadWish): Promise<void> {
  const { model } = wish;
  const found = await findModel(ask, baseUrl, model);
  if (found.status === "ready") return;
  if (found.status === "missing") refuse({ kind: "model_missing", message: `LM Studio does not have ${model}` });
  const failure = await (found.embedding
    ? failureOf(ask, `${baseUrl.root}/embeddings`, { model, input: "Hi" })
    : found.native && wish.ttl === undefined
      ? askNative(ask, baseUrl, wish)
      : askChat(ask, baseUrl, wish));
  // Another model may have answered in its place.
  if ((await findModel(ask, baseUrl, model)).status === "ready") return;
  if (failure !== undefined && !loadsNothing(failure)) refuse(failure);
  if (!found.native) refuse(failure ?? { kind: "model_cold", message: `LM Studio has not loaded ${model}` });
  const again = await failureOf(ask, `${baseUrl.server}/api/v1/models/load`, { model });
  if (again !== undefined) refuse(again);
}

/** The one API of LM Studio that tells how far a load is (0.4.0 to 0.4.23). It takes no `ttl`. */
async function askNative(ask: Ask, baseUrl: BaseUrl, { model, report }: LoadWish): Promise<Failure | undefined> {
  let fault: unknown;
  const body = { model, input: "Hi", max_output_tokens: 1, store: false, stream: true };
  const failure = await failureOf(ask, `${baseUrl.server}/api/v1/chat`, body, (event) => {
    const { type, progress } = asObject(event) ?? {};
    if (type === "model_load.progress" && typeof progress === "number") {
      report({ fraction: Math.min(Math.max(progress, 0), 1) });
    }
    if (type === "error") fault = event;
  });
  if (failure !== undefined || fault === undefined) return failure;
  return read(model, { status: 200, headers: {}, json: fault, text: JSON.stringify(fault) }, "stream");
}

/** `ttl` counts only in the request that loads the model. */
const askChat = (ask: Ask, { root }: BaseUrl, { model, ttl }: LoadWish): Promise<Failure | undefined> =>
  failureOf(ask, `${root}/chat/completions`, {
    model,
    messages: [{ role: "user", content: "Hi" }],
    max_tokens: 1,
    ...(ttl !== undefined && { ttl }),
  });

async function failureOf(
  ask: Ask,
  url: string,
  body: JsonObject & { readonly model: string },
  onEvent?: AskInit["onEvent"],
): Promise<Failure | undefined> {
  const reply = await ask(url, { method: "POST", body, ...(onEvent && { onEvent }) });
  const isFault = reply.status >= 400 || asObject(reply.json)?.error !== undefined;
  return isFault ? read(body.model, reply, reply.status === 200 ? "body" : "status") : undefined;
}

const read = (model: string, reply: AskReply, phase: "status" | "body" | "stream"): Failure =>
  classifyFailure({ ...reply, body: reply.json, wire: "chat", model, phase }, rules);

/** Loading on demand is off, or this version lacks the path. */
function loadsNothing({ kind, message }: Failure): boolean {
  return kind === "model_missing" || kind === "unsupported" || (kind === "model_cold" && /is not loaded/.test(message));
}

function refuse(failure: Failure): never {
  throw new CallRefused(failure);
}
