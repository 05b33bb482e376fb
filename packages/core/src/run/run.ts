import type { RetryPolicy } from "../failure/retry.ts";
import type { Clock, Inbound, Transport } from "../ports.ts";
import type { ModelCost } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";

/** What the engine is given; nothing in it belongs to one request. */
export interface Engine {
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly retry: RetryPolicy;
  /** Called once a request, at its end. */
  readonly onReceipt: (receipt: Receipt) => void;
}

/** One request on its way. */
export interface Run {
  readonly engine: Engine;
  readonly inbound: Inbound;
  readonly receipt: Receipt;
  /** Prices of the candidate that answers. */
  prices: ModelCost | undefined;
  /** The receipt has been handed over. */
  settled: boolean;
}
