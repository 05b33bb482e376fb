import { Cancellation, type Outbound, type Router } from "@headgate/core";
import { type AnswerEvent, codecs, type JsonObject, SseReader, type TextWire } from "@headgate/wire";
import { holdsWord } from "./answers.ts";
import { promptOf } from "./backend.ts";
import type { ChaosClock } from "./clock.ts";
import { grammarFault } from "./grammar.ts";
import type { RequestPlan } from "./scenario.ts";

/** What one request's client saw. */
export interface Told {
  readonly plan: RequestPlan;
  readonly at: number;
  /** How many reloads there had been when it began. */
  readonly version: number;
  /** When the client went; absent when it stayed. */
  left: number | undefined;
  status: number | undefined;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** When the first word came. */
  heard: number | undefined;
  /** How a stream that was read to its end breaks the rules of its wire. */
  ungrammatical: string | undefined;
  /** The answer ended as its wire says, and no connection broke. */
  clean: boolean;
  over: number | undefined;
  /** The engine threw, which it never must. */
  thrown: unknown;
}

export const newTold = (plan: RequestPlan, at: number, version: number): Told => ({
  plan,
  at,
  version,
  left: undefined,
  status: undefined,
  headers: {},
  text: "",
  heard: undefined,
  ungrammatical: undefined,
  clean: false,
  over: undefined,
  thrown: undefined,
});

function bodyOf({ wire, model, stream }: RequestPlan, index: number): JsonObject {
  const messages = [{ role: "user", content: promptOf(index) }];
  const common = { ...(model !== undefined && { model }), ...(stream && { stream }) };
  if (wire === "responses") return { ...common, input: promptOf(index), store: false };
  return wire === "messages" ? { ...common, max_tokens: 9, messages } : { ...common, messages };
}

/** A client: asks, reads all it is given, and leaves when its plan says so. */
export async function ask(router: Router, index: number, told: Told, clock: ChaosClock): Promise<void> {
  const { plan } = told;
  const json = bodyOf(plan, index);
  const leaving = new Cancellation();
  const { leaves } = plan;
  if (leaves !== undefined) {
    clock.after(leaves, () => {
      if (told.over !== undefined) return;
      told.left = clock.now();
      leaving.abort();
    });
  }
  try {
    const outbound = await router.handle({
      wire: plan.wire,
      headers: plan.within === undefined ? {} : { "x-headgate-within": plan.within.join(",") },
      text: JSON.stringify(json),
      json,
      signal: leaving,
      ...(plan.key === undefined ? {} : { client: { id: "k", within: plan.key } }),
    });
    told.status = outbound.status;
    told.headers = outbound.headers;
    await read(outbound, told, clock);
  } catch (error) {
    told.thrown = error;
  }
  told.over = clock.now();
}

async function read({ body, status, headers }: Outbound, told: Told, clock: ChaosClock): Promise<void> {
  const { wire } = told.plan;
  if (typeof body === "string" || body instanceof Uint8Array) {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    told.heard = clock.now();
    const events =
      headers["content-type"] === "text/event-stream" ? readStream(told, text) : readWhole(wire, text, status);
    return conclude(told, events, true);
  }
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  let whole = true;
  try {
    for await (const chunk of body) {
      if (told.left !== undefined) break;
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (told.heard === undefined && holdsWord(text)) told.heard = clock.now();
      chunks.push(text);
    }
  } catch {
    whole = false;
  }
  conclude(told, readStream(told, chunks.join("")), whole);
}

const encoder = new TextEncoder();

function readStream(told: Told, text: string): AnswerEvent[] {
  const { wire } = told.plan;
  const sse = new SseReader();
  const reader = codecs[wire].createReader();
  const events: AnswerEvent[] = [];
  const frames = [...sse.push(encoder.encode(text)), ...sse.end()];
  for (const frame of frames) reader.read(frame, events);
  if (told.left === undefined) told.ungrammatical = grammarFault(wire, frames);
  return events;
}

const readWhole = (wire: TextWire, text: string, status: number): AnswerEvent[] =>
  status === 200 ? [...codecs[wire].readAnswer(JSON.parse(text))] : [];

function conclude(told: Told, events: readonly AnswerEvent[], whole: boolean): void {
  told.text = events.map((event) => (event.type === "text.delta" ? event.delta : "")).join("");
  const types = events.map(({ type }) => type);
  told.clean = whole && told.status === 200 && types.includes("finish") && !types.includes("error");
}
