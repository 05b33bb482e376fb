import { Cancellation, type Config, createRouter, type Outbound, type Receipt, type Router } from "@headgate/core";
import { type AnswerEvent, codecs, type JsonObject, SseReader, type TextWire } from "@headgate/wire";
import { holdsWord } from "./answers.ts";
import { Backends, promptOf, type Sent } from "./backend.ts";
import { type ChaosClock, createChaosClock } from "./clock.ts";
import { PlacesWatch } from "./places.ts";
import { pluginOf, secretOf } from "./plugin.ts";
import { createRandom } from "./random.ts";
import type { RequestPlan, Scenario } from "./scenario.ts";

/** What one request's client saw. */
export interface Told {
  readonly plan: RequestPlan;
  readonly at: number;
  /** When the client went; absent when it stayed. */
  left: number | undefined;
  status: number | undefined;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** When the first word came. */
  heard: number | undefined;
  /** The answer ended as its wire says, and no connection broke. */
  clean: boolean;
  over: number | undefined;
  /** The engine threw, which it never must. */
  thrown: unknown;
}

/** A whole run. */
export interface Played {
  readonly scenario: Scenario;
  readonly told: readonly Told[];
  readonly sent: readonly Sent[];
  readonly receipts: readonly Receipt[];
  /** The config before and after, as text. */
  readonly config: readonly [before: string, after: string];
  /** Requests that were never answered, although all was over. */
  readonly stuck: readonly number[];
  /** A provider had more at once, or more in its queue, than its row says; how. */
  readonly crowded: string | undefined;
  /** Places that were not free at the end. */
  readonly lost: readonly string[];
}

/** The config of a scenario: a default model, a route, an alias, a model row for each provider. */
function configOf({ providers, within, routeWithin, hedge }: Scenario): unknown {
  const beside = hedge !== undefined && { hedge: { after: `${hedge}ms` } };
  const refs = providers.map(({ id }) => `${id}/a`);
  const [primary = "", ...fallbacks] = refs;
  const rows = providers.map(({ id, within: inside, concurrency }) => [
    id,
    {
      apiKey: secretOf(id),
      models: [{ id: "a" }, { id: "b" }],
      ...(inside && { within: inside }),
      ...(concurrency && { concurrency: { ...concurrency, wait: `${concurrency.wait}ms` } }),
    },
  ]);
  return {
    agents: { defaults: { model: { primary, fallbacks }, models: { [refs.at(-1) ?? ""]: { alias: "short" } } } },
    models: { providers: Object.fromEntries(rows) },
    routes: {
      main: { primary, fallbacks, ...(routeWithin && { within: routeWithin }), ...beside },
      other: { primary: `${providers[1]?.id}/b`, fallbacks: [primary], ...beside },
      // Whoever is alone is asked although its breaker is open: it takes a second to see that it was passed over.
      sibling: { primary: `${providers[0]?.id}/b`, fallbacks },
    },
    ...(within && { within }),
  };
}

/** Plays a scenario to its end. */
export async function play(scenario: Scenario): Promise<Played> {
  const clock = createChaosClock();
  const backends = new Backends(scenario, clock);
  const receipts: Receipt[] = [];
  const router = createRouter({
    config: configOf(scenario),
    plugins: new Map(scenario.providers.map((plan) => [plan.id, pluginOf(plan)])),
    transport: backends,
    clock,
    random: createRandom(scenario.seed).next,
    onReceipt: (receipt) => receipts.push(receipt),
  });
  const places = new PlacesWatch();
  places.add(router);
  const before = textOf(router.config);
  const told: Told[] = [];
  let start = 0;
  for (const [index, plan] of scenario.requests.entries()) {
    start += plan.wait;
    clock.after(start, () => {
      const one = newTold(plan, clock.now());
      told[index] = one;
      void ask(router, index, one, clock);
    });
  }
  do {
    await settle();
    places.look();
  } while (clock.step());
  const stuck = told.flatMap(({ over, left }, index) => (over === undefined && left === undefined ? [index] : []));
  return {
    scenario,
    told,
    sent: backends.sent,
    receipts,
    config: [before, textOf(router.config)],
    stuck,
    crowded: places.trouble,
    lost: places.lost(),
  };
}

const newTold = (plan: RequestPlan, at: number): Told => ({
  plan,
  at,
  left: undefined,
  status: undefined,
  headers: {},
  text: "",
  heard: undefined,
  clean: false,
  over: undefined,
  thrown: undefined,
});

/** Whatever follows from what has just happened, without time passing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const textOf = (config: Config): string =>
  JSON.stringify(config, (_key, value: unknown) => (value instanceof Map ? [...value] : value));

function bodyOf({ wire, model, stream }: RequestPlan, index: number): JsonObject {
  const messages = [{ role: "user", content: promptOf(index) }];
  const common = { ...(model !== undefined && { model }), ...(stream && { stream }) };
  if (wire === "responses") return { ...common, input: promptOf(index), store: false };
  return wire === "messages" ? { ...common, max_tokens: 9, messages } : { ...common, messages };
}

/** A client: asks, reads all it is given, and leaves when its plan says so. */
async function ask(router: Router, index: number, told: Told, clock: ChaosClock): Promise<void> {
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
      headers["content-type"] === "text/event-stream" ? readStream(wire, [text]) : readWhole(wire, text, status);
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
  conclude(told, readStream(wire, chunks), whole);
}

function readStream(wire: TextWire, chunks: readonly string[]): AnswerEvent[] {
  const sse = new SseReader();
  const reader = codecs[wire].createReader();
  const events: AnswerEvent[] = [];
  const encoder = new TextEncoder();
  for (const chunk of chunks) for (const event of sse.push(encoder.encode(chunk))) reader.read(event, events);
  for (const event of sse.end()) reader.read(event, events);
  return events;
}

const readWhole = (wire: TextWire, text: string, status: number): AnswerEvent[] =>
  status === 200 ? [...codecs[wire].readAnswer(JSON.parse(text))] : [];

function conclude(told: Told, events: readonly AnswerEvent[], whole: boolean): void {
  told.text = events.map((event) => (event.type === "text.delta" ? event.delta : "")).join("");
  const types = events.map(({ type }) => type);
  told.clean = whole && told.status === 200 && types.includes("finish") && !types.includes("error");
}
