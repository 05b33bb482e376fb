import type { ModelFacts } from "./model.ts";
import type { Boundary, Place } from "./place.ts";

/** An answer that is over, or was broken off, whose request had a boundary. */
export interface ServedCall {
  /** As it was asked, with the `data` that the request was shaped by. */
  readonly model: ModelFacts;
  readonly within: Boundary;
  /** The backend's name for this answer, where {@link Observed.generation} gave one. */
  readonly generation: string | undefined;
}

/** What the backend's own records say of where an answer was made. */
export interface PlaceEvidence {
  /** `false`: not, or not surely, where it had to be. The host asks this provider for nothing more until a person says so. */
  readonly matches: boolean;
  /** Why it does not match: one short clause. */
  readonly reason?: string;
  /** Every place it may have run at, as far as is known. */
  readonly places?: readonly Place[];
  /** Who ran the model, behind the provider. */
  readonly provider?: string;
  /** The backend's word for the region that carried the request. */
  readonly dataRegion?: string;
  /** US dollars. */
  readonly cost?: number;
}
