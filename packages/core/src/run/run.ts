import type { AnswerWriter, Usage } from "@headgate/wire";
import type { Breakers } from "../admit/breaker.ts";
import type { Candidate } from "../candidate.ts";
import type { ColdStart } from "../config/index.ts";
import type { Discovery } from "../discovery/index.ts";
import type { EvidenceDesk, Seen } from "../evidence/index.ts";
import type { RetryPolicy } from "../failure/retry.ts";
import type { LoadDesk } from "../load/index.ts";
import type { Clock, Inbound, Transport } from "../ports.ts";
import type { ModelCost } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";
import type { SealMakers } from "./seal-makers.ts";

/** What the engine is given; nothing in it belongs to one request. */
export interface Engine {
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly retry: RetryPolicy;
  /** Who made the seals that clients hold. */
  readonly seals: SealMakers;
  /** Reads what places depend on. */
  readonly discovery: Discovery;
  /** Who is left alone for a while. */
  readonly breakers: Breakers;
  /** Has models loaded. */
  readonly loads: LoadDesk;
  /** Looks afterwards where answers were made. */
  readonly evidence: EvidenceDesk;
  /** Called once a request, at its end. */
  readonly onReceipt: (receipt: Receipt) => void;
}

/** One request on its way. */
export interface Run {
  readonly engine: Engine;
  readonly inbound: Inbound;
  readonly receipt: Receipt;
  /** The caller would rather have a 400 than a loss that changes the meaning. */
  strict: boolean;
  /** How often somebody was asked again. */
  repeats: number;
  /** Milliseconds without output after which its route has the next candidate asked, too; absent: never. */
  hedge: number | undefined;
  /** What its route says of models that are not in memory. */
  coldStart: ColdStart;
  /** Has begun the answer with a heartbeat; whoever answers goes on with it. */
  writer: AnswerWriter | undefined;
  /** Who answers; what breaks after this counts against it. */
  answering: Candidate | undefined;
  /** Prices of the candidate that answers. */
  prices: ModelCost | undefined;
  /** What the answer said of itself, where its provider keeps records. */
  seen: Seen[] | undefined;
  /** What the one of two that a race was lost by had said of its tokens. */
  begun?: Usage | undefined;
  /** The receipt has been handed over. */
  settled: boolean;
}
