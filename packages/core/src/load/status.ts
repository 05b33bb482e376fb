import type { CancelSignal } from "../cancellation.ts";
import { createAsk } from "../discovery/ask.ts";
import { inTime } from "../discovery/time.ts";
import { type Clock, type Transport, TransportError } from "../ports.ts";
import type { ModelStatus } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";

/** Milliseconds for one look at a model. */
const deadline = 2000;

/** What looks and loads run on. */
export interface LoadMeans {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Ends them. */
  readonly signal?: CancelSignal;
}

const statuses: ReadonlySet<unknown> = new Set<ModelStatus>(["ready", "loading", "cold", "missing"]);

/** How a model is, as its provider's `status` says. @throws Error when it does not say. */
export async function askStatus(entry: ProviderEntry, model: string, means: LoadMeans): Promise<ModelStatus> {
  try {
    return await look(entry, model, means);
  } catch (error) {
    // A backend closes idle connections when it likes (LM Studio after 5 s), and a look may be repeated.
    if (troubleOf(error) !== "reset") throw error;
    return look(entry, model, means);
  }
}

/** The network's trouble behind an error of an `Ask`. */
export function troubleOf(error: unknown): TransportError["trouble"] | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return TransportError.isInstance(cause) ? cause.trouble : undefined;
}

async function look(entry: ProviderEntry, model: string, means: LoadMeans): Promise<ModelStatus> {
  const ask = createAsk(entry, { ...means, deadline });
  const asked = entry.provider?.status?.(model, ask);
  if (asked === undefined) throw new Error(`${entry.id} does not tell how its models are`);
  const late = `${entry.id} did not say within ${deadline / 1000} s how ${model} is`;
  // The look-ups have the same deadline, and better words.
  const status = await inTime(means.clock, deadline + 100, asked, late);
  if (!statuses.has(status)) throw new Error(`${entry.id} says of ${model} what means nothing`);
  return status;
}
