import type { Candidate } from "../candidate.ts";
import { createAsk } from "../discovery/ask.ts";
import type { Clock } from "../ports.ts";
import { CallRefused, type LoadProgress, type ModelStatus } from "../provider/index.ts";
import { messageOf } from "../providers.ts";
import { type AttemptFailure, presentable, timeoutOf } from "../run/classify.ts";
import { askStatus, type LoadMeans, troubleOf } from "./status.ts";

/** Milliseconds between two looks at a model that is on its way. */
const interval = 1000;

/** Has a model loaded where its provider can do that, and waits for one that is on its way. Resolves when it is there. */
export async function warm(
  { entry, ref, timeouts }: Candidate,
  means: LoadMeans,
  report: (progress: LoadProgress) => void,
): Promise<void> {
  const { provider } = entry;
  const ask = createAsk(entry, { ...means, deadline: timeouts.load });
  await provider?.load?.(ref.model, ask, report);
  if (provider?.status === undefined) return;
  while (means.signal?.aborted !== true) {
    const status = await look();
    if (status === "ready") return;
    if (status === "cold" || status === "missing") throw new CallRefused(notThere(ref.model, status));
    await pause(means.clock, interval);
  }

  /** A look that takes too long means no more than that the backend is busy. */
  async function look(): Promise<ModelStatus> {
    try {
      return await askStatus(entry, ref.model, means);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === "aborted") return "loading";
      if (trouble === undefined) return "ready";
      throw error;
    }
  }
}

function notThere(model: string, status: "cold" | "missing"): AttemptFailure {
  if (status === "missing") return { kind: "model_missing", message: `the backend does not have ${model}` };
  return { kind: "model_cold", message: `${model} is not in memory, although it was to be loaded` };
}

/** What a load that came to nothing means for those who wait. */
export function failureOfLoad(error: unknown, secret: string | undefined): AttemptFailure {
  if (CallRefused.isInstance(error)) {
    return { ...error.failure, message: presentable(error.failure.message, secret) };
  }
  const message = presentable(messageOf(error), secret);
  switch (troubleOf(error)) {
    case "refused":
    case "dns":
    case "tls":
      return { kind: "unreachable", message };
    case "connect-timeout":
      return timeoutOf("connect");
    default:
      return { kind: "model_cold", message: `the model could not be loaded: ${message}` };
  }
}

const pause = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
