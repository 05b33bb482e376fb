import type { GatewayConfig, Notice, Receipt, Transport } from "@headgate/core";
import type { PluginPlaces } from "../plugins/resolve.ts";
import type { Archive } from "../store/archive.ts";
import { afterWrites } from "../turn.ts";
import type { Refusal } from "./fields.ts";
import { toReceiptEntry } from "./kept-receipt.ts";
import type { RequestLog } from "./log.ts";
import { createMetrics, type MetricSources, type Metrics } from "./metrics.ts";
import { startTracing } from "./tracing.ts";

/** All who are told of what has happened. */
export interface Observers {
  receipt(receipt: Receipt): void;
  notice(notice: Notice): void;
  refused(refusal: Refusal): void;
  readonly metrics: Metrics | undefined;
  /** A way out that nobody watches but those above. */
  wayOut(transport: Transport): Transport;
  /** Hands on what is held back. */
  flush(): void;
}

/** What they are made of. */
export interface ObserverOptions extends Omit<MetricSources, "archive"> {
  readonly log: RequestLog;
  readonly archive: Archive;
  /** Those that count now. */
  readonly settings: () => GatewayConfig;
  /** Where the module of `gateway.tracing` is looked for. */
  readonly places: PluginPlaces;
}

/**
 * Starts what the config wants; what it does not want is not even loaded.
 *
 * @throws TracingError
 */
export async function startObservers(options: ObserverOptions): Promise<Observers> {
  const { log, archive, settings, places } = options;
  const wanted = settings();
  const sources = { ...options, archive: () => archive.state };
  const metrics = wanted.metrics ? await createMetrics(sources) : undefined;
  const tracing = wanted.tracing === false ? undefined : await startTracing(wanted.tracing, places);
  const keep = (receipt: Receipt, isLater = false): void => {
    if (settings().receipts !== false) archive.add(toReceiptEntry(receipt, isLater));
  };
  const tell = (receipt: Receipt): void => {
    log.receipt(receipt);
    metrics?.receipt(receipt);
    tracing?.receipt(receipt);
    keep(receipt);
  };
  let held: Receipt[] = [];
  const tellAll = (): void => {
    const receipts = held;
    held = [];
    for (const receipt of receipts) tell(receipt);
  };
  return {
    // The client has its answer first.
    receipt: (receipt) => {
      if (held.push(receipt) === 1) afterWrites(tellAll);
    },
    notice: (notice) => {
      tellAll();
      log.notice(notice);
      if (notice.kind === "evidence" && notice.evidence !== undefined) keep(notice.receipt, true);
    },
    refused: (refusal) => {
      log.refused(refusal);
      metrics?.refused(refusal.status);
    },
    metrics,
    wayOut: (transport) => tracing?.unseen(transport) ?? transport,
    flush: () => {
      tellAll();
      tracing?.flush();
    },
  };
}
