import type { Receipt, Router } from "@headgate/core";
import type { Registry } from "prom-client";
import type { ArchiveState } from "../store/archive.ts";
import { createReceiptCounts } from "./receipt-counts.ts";

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

/**
 * Loads the Prometheus client and makes the counters. Labels are wires, outcomes, statuses, and providers and models that
 * the config names: never a text of a client's own. The client hashes labels anew for each count, so it makes the gauges
 * alone; what every request counts in is ours.
 */
export async function createMetrics(sources: MetricSources): Promise<Metrics> {
  const client = await import("prom-client");
  const registry = new client.Registry();
  addGauges(client, registry, sources);
  const counts = createReceiptCounts(() => sources.router().config);
  return {
    receipt: counts.receipt,
    refused: counts.refused,
    page: async () => ({ type: registry.contentType, text: `${counts.text()}\n\n${await registry.metrics()}` }),
  };
}

type Client = typeof import("prom-client");

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
