import { type Receipt, type Situation, simulate, type Told } from "@headgate/core";
import type { Simulator } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { simulatedError } from "../packages/core/src/simulate/answer.ts";
import { requestOf } from "../packages/core/src/simulate/request.ts";
import { parseTrouble, type Trouble } from "../packages/core/src/simulate/trouble.ts";
import type { Reply } from "./harness/ask.ts";
import { cold, hosted, warm } from "./harness/cold.ts";
import { dialects } from "./harness/dialects/index.ts";
import { pluginsFor } from "./harness/gateway.ts";
import { startStack } from "./harness/stack.ts";
import { createVirtualClock, type VirtualClock } from "./harness/virtual-clock.ts";

interface House {
  readonly local: Simulator;
  readonly remote: Simulator;
  readonly clock: VirtualClock;
}

/** One situation: as flags say it, and as real backends come to be in it. */
interface Case {
  readonly name: string;
  readonly model: string;
  readonly wire?: TextWire;
  readonly stream?: true;
  readonly fail?: Readonly<Record<string, string>>;
  readonly cold?: true;
  readonly rest?: Partial<Situation>;
  /** Before the request. */
  readonly arrange?: (house: House) => unknown;
  /** While it is under way. */
  readonly meanwhile?: (house: House) => Promise<unknown>;
}

const seconds = 1000;
const status = (code: number) => ({ kind: "status", status: code }) as const;

const cases: readonly Case[] = [
  { name: "nothing is the matter", model: "hosted-first" },
  { name: "nothing is the matter, streamed and translated", model: "hosted-first", wire: "responses", stream: true },
  ...[529, 503, 500, 429, 401, 402, 403, 404, 400, 413].map(
    (code): Case => ({
      name: `the primary says ${code}`,
      model: "hosted-first",
      wire: "messages",
      fail: { anthropic: String(code) },
      arrange: ({ remote }) => remote.fail(status(code)),
    }),
  ),
  ...(["chat", "responses", "messages"] as const).map(
    (wire): Case => ({
      name: `all are overloaded, on ${wire}`,
      model: "hosted-first",
      wire,
      fail: { [hosted]: "529", lmstudio: "503" },
      // LM Studio has no words for this status; whoever stands before it has those of the wire.
      arrange: ({ local, remote }) => [
        remote.fail(status(529)),
        local.fail({ ...status(503), body: simulatedError(wire, 503, "busy") }),
      ],
    }),
  ),
  {
    name: "the local server is not running",
    model: "local-first",
    fail: { lmstudio: "refuse" },
    arrange: ({ local }) => local.refuse(),
  },
  {
    name: "one model fails, and its sibling on the same server does not",
    model: "siblings",
    fail: { [warm]: "500" },
    arrange: ({ local }) => local.fail({ ...status(500), match: { model: "warm" } }),
  },
  {
    name: "the primary takes the request and says nothing",
    model: "hosted-first",
    fail: { anthropic: "hang" },
    arrange: ({ remote }) => remote.fail({ kind: "hang" }),
    meanwhile: async ({ remote, clock }) => {
      await remote.waitFor(() => true);
      await clock.pass(600 * seconds);
    },
  },
  {
    name: "a stream's primary says nothing, so that it begins with a heartbeat",
    model: "hosted-first",
    stream: true,
    fail: { anthropic: "timeout" },
    arrange: ({ remote }) => remote.fail({ kind: "hang" }),
    meanwhile: async ({ remote, clock }) => {
      await remote.waitFor(() => true);
      await clock.pass(120 * seconds);
    },
  },
  ...(["chat", "responses", "messages"] as const).map(
    (wire): Case => ({
      name: `a stream on ${wire} has begun with a heartbeat, and nobody answers`,
      model: "hosted-first",
      wire,
      stream: true,
      fail: { anthropic: "hang", lmstudio: "refuse" },
      arrange: ({ local, remote }) => [remote.fail({ kind: "hang" }), local.refuse()],
      meanwhile: async ({ remote, clock }) => {
        await remote.waitFor(() => true);
        await clock.pass(120 * seconds);
      },
    }),
  ),
  {
    name: "the next one is asked beside a slow one, as the route says",
    model: "hedged",
    fail: { anthropic: "hang" },
    arrange: ({ remote }) => remote.fail({ kind: "hang" }),
    meanwhile: async ({ remote, clock }) => {
      await remote.waitFor(() => true);
      await clock.pass(2 * seconds);
    },
  },
  { name: "the backend counts an input near the edge", model: "counted", wire: "messages", rest: { tokens: 19_000 } },
  {
    name: "an answer breaks off",
    model: "hosted-first",
    fail: { anthropic: "reset" },
    arrange: ({ remote }) => remote.fail({ kind: "refuse" }),
  },
  ...["wait", "never", "prefer-warm"].map(
    (coldStart): Case => ({ name: `a model is cold on a route that says ${coldStart}`, model: coldStart, cold: true }),
  ),
  {
    name: "a model is cold, and the only other one fails",
    model: "prefer-warm",
    cold: true,
    fail: { anthropic: "529" },
    arrange: ({ remote }) => remote.fail(status(529)),
  },
  { name: "the input is larger than a window", model: "local-first", rest: { tokens: 20_000 } },
  { name: "the input is larger than every window", model: "small", wire: "messages", rest: { tokens: 20_000 } },
  { name: "the request may not leave this machine", model: "hosted-first", rest: { within: ["local"] } },
  { name: "no candidate lies inside the boundary", model: hosted, rest: { within: ["eu"] } },
  { name: "a model takes no tools", model: "toolless", rest: { tools: true } },
  { name: "a model takes no images", model: "blind", rest: { images: true } },
];

/** A hosted model, and a local server with a model in memory, one that is not, one with a small window, and two that lack something. */
const configOf = (local: string, remote: string) => ({
  models: {
    providers: {
      lmstudio: {
        baseUrl: local,
        models: [
          { id: "warm", contextWindow: 8000 },
          { id: "plain", tools: false, input: ["text"] },
        ],
      },
      anthropic: {
        baseUrl: remote,
        apiKey: "k",
        place: "us",
        models: [{ id: "claude-opus-4-6", contextWindow: 20_000 }],
      },
    },
  },
  routes: {
    "hosted-first": { primary: hosted, fallbacks: [warm] },
    "local-first": { primary: warm, fallbacks: [hosted] },
    siblings: { primary: warm, fallbacks: ["lmstudio/plain", hosted] },
    small: { primary: warm },
    counted: { primary: "anthropic/claude-opus-4-6" },
    hedged: { primary: hosted, fallbacks: [warm], hedge: { after: "2s" } },
    toolless: { primary: "lmstudio/plain", fallbacks: [hosted] },
    blind: { primary: "lmstudio/plain" },
    ...Object.fromEntries(
      ["wait", "never", "prefer-warm"].map((coldStart) => [
        coldStart,
        { primary: cold, fallbacks: [hosted], coldStart },
      ]),
    ),
  },
});

const models = [{ id: "warm" }, { id: "plain" }, { id: "cold", loaded: false }];

/** What must be the same: all but ids, moments, and the words of backends. */
const essence = ({ candidates, attempts, served, place, route, within, status, outcome, failure }: Receipt) => ({
  candidates,
  attempts: attempts.map(({ ref, wire, place, outcome, status, clock, loading, duration }) => ({
    ref,
    wire,
    place,
    outcome,
    status,
    clock,
    until: clock === undefined ? undefined : duration,
    loaded: loading !== undefined,
  })),
  served,
  place,
  route,
  within,
  status,
  outcome,
  failure: failure?.kind,
});

const toldBy = (wire: TextWire, { status, json, events }: Reply) => {
  const { type, code } = dialects[wire].readError(json) ?? dialects[wire].readStreamError(events) ?? {};
  // An event of Responses has its own name there.
  return { status, type: type === "error" ? undefined : type, code: code ?? undefined };
};

const toldIn = ({ status, error }: Told) => ({ status, type: error?.type, code: error?.code });

describe("a simulated request", () => {
  it.each(cases)("goes as over HTTP when $name", async (one) => {
    const clock = createVirtualClock();
    const { local, remote, gateway } = await startStack(
      { local: { kind: "lmstudio", models }, remote: { kind: "anthropic" } },
      (backends) => ({ clock, config: configOf(backends.local.baseUrl, backends.remote.baseUrl) }),
    );
    const { model, wire = "chat", stream = false, rest = {} } = one;
    const situation: Situation = {
      ...{ model, wire, stream, ...rest },
      failing: new Map(Object.entries(one.fail ?? {}).map(([who, how]) => [who, troubleOf(how)])),
      cold: new Map(one.cold === true ? [[cold, 30 * seconds]] : []),
    };
    const config = configOf(local.baseUrl, remote.baseUrl);
    const simulation = await simulate({ config, plugins: pluginsFor(config), random: () => 0 }, situation);
    expect([local.requests, local.looks, remote.requests]).toEqual([[], [], []]);

    await one.arrange?.({ local, remote, clock });
    const headers = { ...dialects[wire].headers, ...(rest.within && { "x-headgate-within": rest.within.join(",") }) };
    const asked = gateway.ask(dialects[wire].path, { body: requestOf(situation), headers });
    await one.meanwhile?.({ local, remote, clock });
    const reply = await asked;
    expect(gateway.receipts.map(essence)).toEqual([essence(simulation.receipt)]);
    expect(toldIn(simulation.client)).toEqual(toldBy(wire, reply));
  });
});

function troubleOf(text: string): Trouble {
  const trouble = parseTrouble(text);
  if (trouble === undefined) throw new Error(`${text} is no trouble`);
  return trouble;
}
