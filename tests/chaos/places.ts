import type { Router } from "@headgate/core";
import type { Played } from "./play.ts";
import { first, type Invariant, settingsOf } from "./reading.ts";

type Slots = NonNullable<ReturnType<Router["providers"]["get"]>>["traffic"]["slots"];

/** Looks after every step at the places that providers have, and at those who wait for one. */
export class PlacesWatch {
  /** What was wrong first. */
  trouble: string | undefined;
  readonly #watched = new Map<NonNullable<Slots>, string>();

  add({ providers }: Router): void {
    for (const [id, { traffic }] of providers) if (traffic.slots !== undefined) this.#watched.set(traffic.slots, id);
  }

  look(): void {
    for (const [{ taken, waiting, limits }, id] of this.#watched) {
      if (taken > limits.max) this.trouble ??= `${taken} of ${limits.max} places at ${id} were taken`;
      if (waiting > limits.queue) this.trouble ??= `${waiting} waited at ${id}, where ${limits.queue} may`;
      if (waiting > 0 && taken < limits.max) this.trouble ??= `${waiting} waited at ${id}, which had room`;
    }
  }

  /** Places that nobody holds any more and that are not free, when all is over. */
  lost(): string[] {
    return [...this.#watched].flatMap(([{ taken, waiting }, id]) =>
      taken + waiting > 0 ? [`${taken} places at ${id} were never given back, and ${waiting} wait for them`] : [],
    );
  }
}

/** By what the backends have seen, and by what the engine says of itself. */
export const noneTooMany: Invariant = (played: Played) =>
  played.crowded ??
  first(played.sent, ({ attempt, request, provider, crowd }) => {
    const max = settingsOf(played, request).providers.find(({ id }) => id === provider)?.concurrency?.max;
    return max !== undefined && crowd >= max ? `attempt ${attempt} was number ${crowd + 1} at ${provider}` : undefined;
  });
