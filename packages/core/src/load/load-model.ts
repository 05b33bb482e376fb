import { enter } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import { Cancellation, type CancelSignal } from "../cancellation.ts";
import type { Candidate } from "../candidate.ts";
import { createAsk } from "../discovery/ask.ts";
import { nearNames } from "../names/near.ts";
import type { Names } from "../plan.ts";
import type { Boundary, FailureKind, LoadProgress } from "../provider/index.ts";
import type { Engine } from "../run/run.ts";
import { askStatus, troubleOf } from "./status.ts";
import { failureOfLoad } from "./warm.ts";

/** How {@link loadModel} is asked. */
export interface LoadOptions {
  /** Narrows where it may run. */
  readonly within?: Boundary;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Stops waiting; the load itself may go on. */
  readonly signal?: CancelSignal;
}

/** What became of a load that somebody wanted. */
export type LoadResult =
  | {
      readonly ok: true;
      readonly ref: string;
      /** False: it was in memory already. */
      readonly loaded: boolean;
      /** Milliseconds. */
      readonly duration: number;
    }
  | {
      readonly ok: false;
      /** Absent where the name stands for nothing. */
      readonly ref?: string;
      readonly kind: FailureKind;
      readonly message: string;
      /** Names that may have been meant, best first. */
      readonly near: readonly string[];
    };

/** What it works with. */
export interface LoadHouse extends Names {
  readonly engine: Engine;
}

/** Has the model behind a name loaded, the first one where it stands for several. Never rejects. */
export async function loadModel(house: LoadHouse, name: string, options: LoadOptions = {}): Promise<LoadResult> {
  const resolution = house.directory.resolve(name);
  if (!resolution.found) {
    return { ok: false, kind: "model_missing", message: resolution.message, near: resolution.near };
  }
  const [candidate] = house.candidatesOf(resolution.refs);
  if (candidate === undefined) return { ok: false, kind: "model_missing", message: "it has no candidate", near: [] };
  const within = narrow(narrow(house.config.within, resolution.within), options.within);
  return load(house.engine, candidate, within, options);
}

async function load(
  engine: Engine,
  candidate: Candidate,
  within: Boundary,
  { onProgress, signal = new Cancellation() }: LoadOptions,
): Promise<LoadResult> {
  const { entry, ref } = candidate;
  const fail = (kind: FailureKind, message: string, near: readonly string[] = []): LoadResult => ({
    ok: false,
    ref: ref.text,
    kind,
    message,
    near,
  });
  const inside = enter(candidate, within);
  if ("skipped" in inside) return fail(inside.kind, inside.skipped);
  const { provider } = inside;
  if (provider.load === undefined) return fail("unsupported", `${entry.id} has no way to have a model loaded`);
  const since = engine.clock.now();
  const done = (loaded: boolean): LoadResult => ({
    ok: true,
    ref: ref.text,
    loaded,
    duration: engine.clock.now() - since,
  });
  try {
    const status = provider.status === undefined ? "cold" : await askStatus(entry, ref.model, { ...engine, signal });
    if (status === "ready") return done(false);
    if (status === "missing") {
      return fail("model_missing", `${entry.id} does not have ${ref.model}`, await nearModels(engine, candidate));
    }
  } catch (error) {
    // A backend that is there and does not tell may load all the same, and will say better what it lacks.
    if (troubleOf(error) !== undefined) {
      const { kind, message } = failureOfLoad(error, entry.secret);
      return fail(kind, message);
    }
  }
  const failure = await engine.loads.load(candidate, signal, onProgress);
  return failure === undefined ? done(true) : fail(failure.kind, failure.message);
}

/** Milliseconds for the list that near names are taken from. */
const patience = 5000;

async function nearModels(engine: Engine, { entry, ref }: Candidate): Promise<readonly string[]> {
  try {
    const ask = createAsk(entry, { ...engine, deadline: patience });
    const list = (await entry.provider?.models?.(ask, [ref.model])) ?? [];
    const ids = list.map(({ id }) => id);
    const near = nearNames(ref.model, ids);
    return (near.length > 0 ? near : ids.slice(0, 3)).map((id) => `${entry.id}/${id}`);
  } catch {
    return [];
  }
}
