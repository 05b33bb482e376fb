import { type Config, configuredModels, type Receipt, type Router } from "@headgate/core";
import type { Counter, Histogram, Registry } from "prom-client";
import type { ArchiveState } from "../store/archive.ts";

/** What is counted, for Prometheus. */
export interface Metrics {
  receipt(receipt: Receipt): void;
  /** A request that was refused at the door. */
  refused(status: number): void;
  /** The page at `/metrics`. */
  page(): Promise<{ readonly type: string; readonly text: string }>;
}

/** What is looked at when somebody asks. */
export interface MetricSources {
  readonly router: () => Router;
  readonly archive: () => ArchiveState;
  readonly configRefused: () => boolean;
}

/** Seconds. */
const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

interface Counts {
  readonly requests: Counter;
  readonly durations: Histogram;
  readonly attempts: Counter;
  readonly firstOutputs: Histogram;
  readonly tokens: Counter;
  readonly cost: Counter;
  readonly refused: Counter;
}

/**
 * Loads the Prometheus client and makes the counters. Labels are wires, outcomes, statuses, and providers and models that
 * the config names: never a text of a client's own.
 */
export async function createMetrics(sources: MetricSources): Promise<Metrics> {
  const client = await import("prom-client");
  const registry = new client.Registry();
  const counts = createCounts(client, registry);
  addGauges(client, registry, sources);
  const models = modelNames(() => sources.router().config);
  return {
    receipt: (receipt) => count(counts, receipt, models),
    refused: (status) => counts.refused.inc({ status }),
    page: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

type Client = typeof import("prom-client");

function createCounts(client: Client, registry: Registry): Counts {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: readonly string[]) =>
    new client.Counter({ name: `headgate_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: readonly string[]) =>
    new client.Histogram({ name: `headgate_${name}`, help, labelNames, buckets, registers });
  const model = ["provider", "model"];
  return {
    requests: counter("requests_total", "Requests by their end.", [
      "wire",
      "operation",
      "stream",
      "outcome",
      "failure",
      "status",
    ]),
    durations: histogram("request_duration_seconds", "From request to end of answer.", ["wire", "stream"]),
    attempts: counter("attempts_total", "Exchanges with backends by their end: ok, or the kind of failure.", [
      ...model,
      "outcome",
    ]),
    firstOutputs: histogram("first_output_seconds", "From request to first output of streamed answers.", model),
    tokens: counter("tokens_total", "Tokens of answered requests.", [...model, "kind"]),
    cost: counter("cost_dollars_total", "US dollars, as far as prices are known.", model),
    refused: counter("refused_total", "Requests that were refused before a model was asked.", ["status"]),
  };
}

type ModelName = (ref: string) => { readonly provider: string; readonly model: string };

function count(counts: Counts, receipt: Receipt, nameOf: ModelName): void {
  const { wire, operation = "generate", stream, outcome, status, attempts, usage, served, failure } = receipt;
  const streamed = stream ? "yes" : "no";
  counts.requests.inc({ wire, operation, stream: streamed, outcome, failure: failure?.kind ?? "", status });
  counts.durations.observe({ wire, stream: streamed }, receipt.duration / 1000);
  for (const attempt of attempts) {
    const { ref, startedAt, duration } = attempt;
    const name = nameOf(ref);
    counts.attempts.inc({ ...name, outcome: attempt.outcome });
    if (stream && attempt.outcome === "ok")
      counts.firstOutputs.observe(name, (startedAt + duration - receipt.time) / 1000);
  }
  if (served === undefined) return;
  const name = nameOf(served);
  if (receipt.cost !== undefined) counts.cost.inc(name, receipt.cost);
  if (usage === undefined) return;
  counts.tokens.inc({ ...name, kind: "input" }, usage.inputTokens);
  counts.tokens.inc({ ...name, kind: "output" }, usage.outputTokens);
  if (usage.cachedTokens !== undefined) counts.tokens.inc({ ...name, kind: "cached" }, usage.cachedTokens);
}

/** A client may ask a known provider for any model: those that no config names are one. */
function modelNames(configOf: () => Config): ModelName {
  let config: Config | undefined;
  let known = new Map<string, ReturnType<ModelName>>();
  return (ref) => {
    const current = configOf();
    if (current !== config) {
      config = current;
      known = new Map();
      for (const [provider, ids] of configuredModels(current)) {
        for (const model of ids) known.set(`${provider}/${model}`, { provider, model });
      }
    }
    return known.get(ref) ?? { provider: ref.slice(0, Math.max(0, ref.indexOf("/"))), model: "other" };
  };
}

function addGauges(client: Client, registry: Registry, { router, archive, configRefused }: MetricSources): void {
  const registers = [registry];
  const providers = (): readonly (readonly [string, ReturnType<typeof stateOf>])[] =>
    [...router().providers.values()].map((entry) => [entry.id, stateOf(entry)] as const);
  new client.Gauge({
    name: "headgate_provider_up",
    help: "1 where a provider may be asked, 0 where it is disabled or blocked.",
    labelNames: ["provider"],
    registers,
    collect() {
      this.reset();
      for (const [provider, { up }] of providers()) this.set({ provider }, up);
    },
  });
  new client.Gauge({
    name: "headgate_breakers_open",
    help: "Breakers of a provider and its models that are not closed.",
    labelNames: ["provider"],
    registers,
    collect() {
      this.reset();
      for (const [provider] of providers()) this.set({ provider }, 0);
      for (const { provider } of router().breakers()) this.inc({ provider });
    },
  });
  new client.Gauge({
    name: "headgate_queue",
    help: "Exchanges that run, and that wait, where a provider takes only so many at once.",
    labelNames: ["provider", "state"],
    registers,
    collect() {
      this.reset();
      for (const [provider, { running, waiting }] of providers()) {
        if (running !== undefined) this.set({ provider, state: "running" }, running);
        if (waiting !== undefined) this.set({ provider, state: "waiting" }, waiting);
      }
    },
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new client.Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("headgate_receipts_lost", "Receipts and stored responses that could not be written.", () => archive().lost);
  gauge("headgate_config_refused", "1 while the config file says something that is not served.", () =>
    configRefused() ? 1 : 0,
  );
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
}

type Entry = Router["providers"] extends ReadonlyMap<string, infer One> ? One : never;

function stateOf({ disabled, blocked, traffic }: Entry) {
  return {
    up: disabled === undefined && blocked?.() === undefined ? 1 : 0,
    running: traffic.slots?.taken,
    waiting: traffic.slots?.waiting,
  };
}
