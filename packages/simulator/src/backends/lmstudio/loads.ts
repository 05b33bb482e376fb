import { setTimeout as delay } from "node:timers/promises";
import type { SimLoads } from "../backend.ts";
import type { SimModel } from "../model.ts";

/** One load of one model. */
export interface Load {
  readonly model: SimModel;
  /** At its end; with what went wrong. */
  readonly done: Promise<string | undefined>;
  /** How far it is, from 0 to 1, as it gets there. */
  progress(): AsyncGenerator<number, void, undefined>;
}

/** Loads that take their time, stand still, or fail, as a test wants it. */
export interface Loads {
  readonly script: SimLoads;
  begin(model: SimModel): Load;
  /** Forgets everything; what is under way fails. */
  reset(): void;
}

const outOfMemory =
  "Model loading was stopped due to insufficient system resources. Under the current settings, this model requires approximately 140.00 GB of memory, and continuing to load it would likely overload your system and cause it to freeze.";

export function createLoads(): Loads {
  let begun: string[] = [];
  let failures: string[] = [];
  let gate = openGate();
  let epoch = 0;
  const run = async (model: SimModel, tell: (fraction: number) => void): Promise<string | undefined> => {
    const failure = failures.shift();
    const own = epoch;
    const half = (model.loadMs ?? 0) / 2;
    tell(0);
    if (half > 0) await delay(half);
    tell(0.5);
    await gate.opened;
    if (half > 0) await delay(half);
    if (own !== epoch) return "the engine was stopped";
    if (failure !== undefined) return failure;
    tell(1);
    return undefined;
  };
  return {
    script: {
      get begun() {
        return begun;
      },
      hold: () => {
        if (!gate.closed) gate = closedGate();
      },
      release: () => gate.open(),
      failNext: (message = outOfMemory) => {
        failures.push(message);
      },
    },
    begin: (model) => {
      begun.push(model.id);
      return createLoad(model, run);
    },
    reset: () => {
      epoch += 1;
      begun = [];
      failures = [];
      gate.open();
    },
  };
}

function createLoad(
  model: SimModel,
  run: (model: SimModel, tell: (fraction: number) => void) => Promise<string | undefined>,
): Load {
  const told: number[] = [];
  let ended = false;
  let news = Promise.withResolvers<void>();
  const ring = (): void => {
    news.resolve();
    news = Promise.withResolvers<void>();
  };
  const done = run(model, (fraction) => {
    told.push(fraction);
    ring();
  }).finally(() => {
    ended = true;
    ring();
  });
  return {
    model,
    done,
    progress: async function* () {
      for (let at = 0; ; at += 1) {
        while (at >= told.length && !ended) await news.promise;
        const fraction = told[at];
        if (fraction === undefined) return;
        yield fraction;
      }
    },
  };
}

interface Gate {
  closed: boolean;
  readonly opened: Promise<void>;
  open(): void;
}

const openGate = (): Gate => ({ closed: false, opened: Promise.resolve(), open: () => undefined });

function closedGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  const gate: Gate = {
    closed: true,
    opened: promise,
    open: () => {
      gate.closed = false;
      resolve();
    },
  };
  return gate;
}
