import type { Ask, ModelStatus, Provider } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { type Watched, watchLookup } from "../guard/watch.ts";
import { type Bench, withBench } from "../host/bench.ts";
import { createLookups, type LookupReply, type Lookups } from "../host/lookups.ts";
import type { Subject } from "../subject.ts";
import { messageOf, show } from "../text.ts";
import { live, type Network, troubles } from "./discovery.ts";

const statuses: ReadonlySet<unknown> = new Set<ModelStatus>(["ready", "loading", "cold", "missing"]);

const absent = "a-model-that-is-not-there";

/** A call that has ended. */
interface Called<Result> extends Watched<Result> {
  readonly lookups: Lookups;
}

/** Calls a hook as the host does, over a network of our own. */
async function call<Result>(
  { provider, entry }: Bench,
  network: Network,
  act: (provider: Provider, ask: Ask) => Promise<Result> | undefined,
): Promise<Called<Result | undefined>> {
  const lookups = createLookups(entry, network);
  const watched = await watchLookup(async () => act(provider, lookups.ask));
  return { ...watched, lookups };
}

const statusOf = (bench: Bench, network: Network, model: string): Promise<Called<ModelStatus | undefined>> =>
  call(bench, network, (provider, ask) => provider.status?.(model, ask));

const loadOf = (bench: Bench, network: Network, model: string): Promise<Called<void>> =>
  call(bench, network, (provider, ask) => provider.load?.(model, ask, () => {}));

const hookCase =
  (hook: "status" | "load") =>
  (id: string, reason: string, run: (subject: Subject, bench: Bench) => Promise<Findings>): Case => ({
    id,
    topic: "discovery",
    reason,
    spares: (subject) => (subject.make()[hook] === undefined ? `the plugin has no ${hook}()` : undefined),
    run: (subject) => withBench(subject, {}, (bench) => run(subject, bench)),
  });

const statusCase = hookCase("status");
const loadCase = hookCase("load");

const posts = ({ lookups }: Called<unknown>): readonly string[] =>
  lookups.asked.filter(({ method }) => method === "POST").map(({ url }) => new URL(url).pathname);

const statusLooks = statusCase(
  "status-looks",
  "`status` looks, and never is what loads a model: nothing is posted, no answer is asked for.",
  async (subject, bench) => {
    const calls = [subject.model.id, absent].map((model) => statusOf(bench, live(bench), model));
    return (await Promise.all(calls)).flatMap(posts).map((path) => `it posts to ${path}`);
  },
);

const statusThroughHost = statusCase(
  "status-through-host",
  "`status` asks through the `Ask` that it is given, declared origins alone, and looks nowhere else.",
  async (subject, bench) => {
    const { reached, lookups } = await statusOf(bench, live(bench), subject.model.id);
    const strays = lookups.strays.map((url) => `it asks ${url}, which is no origin of its own`);
    return [...reached.map((what) => `status() ${what}`), ...strays];
  },
);

const statusTrue = statusCase(
  "status-true",
  "`status` does not miss a model that answers, nor send the host to load one that is not there.",
  async (subject, bench) => {
    const there = await statusOf(bench, live(bench), subject.model.id);
    const nowhere = await statusOf(bench, live(bench), absent);
    const words = [there, nowhere].flatMap(({ result }) => (result === undefined ? [] : [result]));
    return [
      ...words.filter((word) => !statuses.has(word)).map((word) => `it says ${show(word)}, which means nothing`),
      ...(there.result === "missing" ? [`it says that ${subject.model.id}, which answers, is missing`] : []),
      ...(nowhere.result === "cold" || nowhere.result === "loading"
        ? [`it says that ${absent} is ${nowhere.result}`]
        : []),
    ];
  },
);

/** What a call makes of replies that say nothing. */
async function ofTroubles(made: (reply: LookupReply) => Promise<Called<unknown>>): Promise<Findings> {
  const findings: string[] = [];
  for (const reply of troubles) {
    const { result, ...end } = await made(reply);
    const at = `${reply.status} ${show(reply.text)}`;
    if (!("thrown" in end)) findings.push(`of ${at} it makes ${show(result ?? "a success")}`);
    else if (!(end.thrown instanceof Error) || end.thrown instanceof TypeError || end.thrown.message === "") {
      findings.push(`of ${at} it throws ${show(messageOf(end.thrown))}`);
    }
  }
  return findings;
}

const statusTrouble = statusCase(
  "status-trouble",
  "Where the backend does not tell, `status` throws an Error with a plain message: what nobody knows is not cold.",
  (subject, bench) => ofTroubles((reply) => statusOf(bench, () => reply, subject.model.id)),
);

const loadOnce = loadCase(
  "load-once",
  "`load` leaves a model alone that is in memory: many a backend would load it a second time.",
  async (subject, bench) => {
    const { result } = await statusOf(bench, live(bench), subject.model.id);
    // Where nobody can say that it is there, it cannot be left alone.
    if (result !== "ready") return [];
    const called = await loadOf(bench, live(bench), subject.model.id);
    const thrown = called.thrown === undefined ? [] : [`it throws: ${messageOf(called.thrown)}`];
    return [...thrown, ...posts(called).map((path) => `it posts to ${path}`)];
  },
);

const loadTrouble = loadCase(
  "load-trouble",
  "Where the backend does not say that it loads, `load` throws an Error with a plain message.",
  (subject, bench) => ofTroubles((reply) => loadOf(bench, () => reply, subject.model.id)),
);

export const loadCases: readonly Case[] = [
  statusLooks,
  statusThroughHost,
  statusTrue,
  statusTrouble,
  loadOnce,
  loadTrouble,
];
