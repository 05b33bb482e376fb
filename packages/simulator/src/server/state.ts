import type { Answer } from "../answer/answer.ts";
import { madeUpSignature } from "../answer/resolve.ts";
import type { Backend } from "../backends/backend.ts";
import { backendKinds, type SimulatorKind } from "../backends/create.ts";
import { createFaultScript, type FaultScript } from "../faults/script.ts";
import type { SimulatorOptions } from "../simulator.ts";
import { createJournal, type Journal, type RecordedRequest } from "./record.ts";

/** An answer, or how to make one from the request. */
export type AnswerSource = Answer | ((request: RecordedRequest) => Answer);

/** All that a running simulator knows. */
export interface SimulatorState {
  readonly kind: SimulatorKind;
  readonly backend: Backend;
  readonly key: string | undefined;
  readonly faults: FaultScript;
  readonly journal: Journal;
  /** Looks at what is in memory. */
  looks: RecordedRequest[];
  /** Ids of responses that were answered and stored, and of their items: they can be continued. */
  readonly storedIds: Set<string>;
  /** Signatures and encrypted reasoning that were given out. */
  readonly seals: Set<string>;
  standingAnswer: AnswerSource | undefined;
  queuedAnswers: readonly AnswerSource[];
  /** Counts requests: the source of every id. */
  serial: number;
  /** Inference requests that are being answered. */
  readonly active: Set<RecordedRequest>;
  /** The port is open; what breaks while it closes was not broken by a client. */
  up: boolean;
}

export function createState(options: SimulatorOptions): SimulatorState {
  const storedIds = new Set<string>();
  const seals = new Set([madeUpSignature]);
  const known = { knows: (id: string) => storedIds.has(id), made: (seal: string) => seals.has(seal) };
  return {
    kind: options.kind,
    backend: backendKinds[options.kind]({
      models: options.models,
      jit: options.jit ?? true,
      server: options.server,
      openrouter: options.openrouter,
      ...known,
    }),
    key: options.key,
    faults: createFaultScript(),
    journal: createJournal(options.remember ?? 2000),
    looks: [],
    storedIds,
    seals,
    standingAnswer: undefined,
    queuedAnswers: [],
    serial: 0,
    active: new Set(),
    up: true,
  };
}

export function resetState(state: SimulatorState): void {
  state.faults.heal();
  state.journal.clear();
  state.looks = [];
  state.backend.reset();
  state.storedIds.clear();
  state.seals.clear();
  state.seals.add(madeUpSignature);
  state.standingAnswer = undefined;
  state.queuedAnswers = [];
  state.serial = 0;
}
