import { createHash } from "node:crypto";
import type { Answer } from "../answer/answer.ts";
import { resolveAnswer } from "../answer/resolve.ts";
import {
  type Backend,
  type BackendRequest,
  isProblem,
  type Problem,
  type Reply,
  type WireRenderer,
} from "../backends/backend.ts";
import { isObject, toObject, toObjects } from "../json.ts";
import type { Frame, SimWire } from "../wires/frame.ts";
import type { Rendering } from "../wires/rendering.ts";
import type { Outlet } from "./outlet.ts";

/** What a healthy backend would answer: the answer, or why it refuses. */
export type Prepared =
  | { readonly refusal: Problem }
  | { readonly rendering: Rendering; readonly renderer: WireRenderer };

/** One inference request on its way to an answer. */
export interface Exchange {
  readonly outlet: Outlet;
  readonly backend: Backend;
  readonly wire: SimWire;
  /** The client asked for a stream. */
  readonly stream: boolean;
  readonly serial: number;
  /** Made once, and only if it is needed: a scripted answer is used up by it. */
  prepare(): Promise<Prepared>;
}

export interface ExchangeSetup {
  readonly outlet: Outlet;
  readonly backend: Backend;
  readonly wire: SimWire;
  readonly request: BackendRequest;
  readonly key: string | undefined;
  readonly serial: number;
  answerFor(model: string): Answer;
  /** Told of every id under which something can be asked for later. */
  stored(id: string): void;
}

export function createExchange(setup: ExchangeSetup): Exchange {
  let prepared: Promise<Prepared> | undefined;
  return {
    outlet: setup.outlet,
    backend: setup.backend,
    wire: setup.wire,
    stream: isStreamed(setup.wire) && isObject(setup.request.body) && setup.request.body.stream === true,
    serial: setup.serial,
    prepare: () => {
      prepared ??= prepare(setup);
      return prepared;
    },
  };
}

const isStreamed = (wire: SimWire): boolean => wire !== "embeddings" && wire !== "count";

async function prepare(setup: ExchangeSetup): Promise<Prepared> {
  const { backend, wire, request, key, serial, answerFor, outlet } = setup;
  const { body } = request;
  const presented = backend.presentedKey(request, wire);
  if (key !== undefined && presented !== key) return { refusal: backend.unauthenticated(presented) };
  if (!isObject(body)) return { refusal: backend.malformed(String(body)) };
  const problem = backend.check(wire, request, body);
  if (problem) return { refusal: problem };
  const served = backend.serve(body.model, body);
  if (isProblem(served)) return { refusal: served };
  const restriction = backend.checkFor?.(wire, request, body, served.model);
  if (restriction) return { refusal: restriction };
  await outlet.wait(served.waitMs);
  const unloaded = await served.loading;
  if (unloaded) return { refusal: unloaded };
  const renderer = backend.renderers[wire];
  if (!renderer) return { refusal: backend.problemOf(404) };
  const answer = answerFor(served.name);
  const rendering = {
    body,
    name: answer.model ?? served.name,
    model: served.model,
    answer: resolveAnswer(answer, body, wire),
    serial,
    created: 1_790_000_000 + serial,
  };
  const stores = wire === "responses" ? backend.storesResponses && body.store !== false : isObject(body.thread);
  if (stores) {
    for (const id of idsIn(renderer.whole(rendering))) setup.stored(id);
  }
  return { rendering, renderer };
}

/** Of a response and of its items. */
function idsIn(response: unknown): readonly string[] {
  const { id, output } = toObject(response);
  return [id, ...toObjects(output).map((item) => item.id)].filter((one) => typeof one === "string");
}

/** Sends a whole reply. */
export async function sendReply(
  { outlet, backend, serial }: Pick<Exchange, "outlet" | "backend" | "serial">,
  reply: Reply,
): Promise<void> {
  if (reply.frames !== undefined) return sendEvents({ outlet, backend, serial }, reply.frames);
  const text = writeBody(reply.body, backend);
  outlet.head(reply.status, wholeHeaders(text, backend, serial, reply.headers));
  if (text !== "") await outlet.write(text);
  outlet.end();
}

async function sendEvents(
  { outlet, backend, serial }: Pick<Exchange, "outlet" | "backend" | "serial">,
  frames: AsyncIterable<string>,
): Promise<void> {
  outlet.head(200, { ...backend.headers(serial), "content-type": backend.streamType, "cache-control": "no-cache" });
  for await (const text of frames) await outlet.write(text);
  outlet.end();
}

export const writeBody = (body: unknown, backend: Backend): string =>
  typeof body === "string" ? body : JSON.stringify(body, null, backend.pretty ? 2 : 0);

export const wholeHeaders = (
  text: string,
  backend: Backend,
  serial: number,
  extra: Readonly<Record<string, string>> = {},
) => ({
  ...backend.headers(serial),
  ...(backend.etags ? { etag: `W/"${createHash("sha1").update(text).digest("base64url").slice(0, 27)}"` } : {}),
  "content-type": "application/json; charset=utf-8",
  "content-length": String(Buffer.byteLength(text)),
  ...extra,
});

export const sendProblem = (exchange: Exchange, problem: Problem): Promise<void> => {
  const body = exchange.backend.write(problem, exchange.wire, exchange.serial);
  return sendReply(exchange, {
    status: problem.status,
    body,
    ...(problem.headers ? { headers: problem.headers } : {}),
  });
};

export function beginStream({ outlet, backend, serial }: Exchange, rendering?: Rendering): void {
  const own = rendering === undefined ? {} : backend.answerHeaders?.(rendering);
  const form = { "content-type": backend.streamType, "cache-control": "no-cache" };
  outlet.head(200, { ...backend.headers(serial), ...own, ...form });
}

/** Writes frames one by one, as fast as the client reads, and says how many. */
export async function sendFrames({ outlet }: Exchange, frames: Iterable<Frame>, delayMs: number): Promise<number> {
  let sent = 0;
  for (const frame of frames) {
    await outlet.wait(delayMs);
    await outlet.write(frame.text);
    sent += 1;
  }
  return sent;
}
