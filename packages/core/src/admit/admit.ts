import type { RequestReach, requestNeeds, TextWire, Wire } from "@headgate/wire";
import type { Candidate } from "../candidate.ts";
import { placesOf, provenPlaces } from "../candidate.ts";
import type { Boundary, FailureKind, Place, Provider } from "../provider/index.ts";
import { isInside, narrow } from "./boundary.ts";
import type { Overflow } from "./fit.ts";
import { leaks } from "./reach.ts";

export type Needs = ReturnType<typeof requestNeeds>;

/** What of a request decides who may take it. `needs` is a function because most candidates never ask. */
export interface Demand {
  readonly wire: TextWire;
  readonly within: Boundary;
  readonly needs: () => Needs;
  readonly reach: () => RequestReach;
}

/** A candidate that is there and inside the boundary. */
export interface Inside {
  readonly candidate: Candidate;
  readonly provider: Provider;
  readonly places: readonly Place[];
  readonly within: Boundary;
}

/** A candidate that may be asked: on which wire, and where it runs. */
export interface Admitted<Asked extends Wire = TextWire> extends Inside {
  readonly wire: Asked;
  /** The client's own wire, with bytes that may go through untouched. */
  readonly exact: boolean;
  /** By an estimate its input may be too long for it, or not. */
  readonly near?: Overflow;
}

/** Why a candidate is not asked, and the failure this amounts to when none is. */
export interface Skipped {
  readonly skipped: string;
  readonly kind: FailureKind;
  readonly places: readonly Place[];
  /** For `context_overflow`: by how much. */
  readonly overflow?: Overflow;
  /** Where it runs has not been read, or too long ago. */
  readonly unread?: true;
  /** Its row promises a region and cannot keep it: whoever is asked in its stead must lie in there too. */
  readonly binds?: Boundary;
}

/** Decides whether a candidate may take a request. Sends nothing. */
export function admit(candidate: Candidate, demand: Demand): Admitted | Skipped {
  const inside = enter(candidate, demand.within);
  if ("skipped" in inside) return inside;
  const { provider, places, within } = inside;
  const leak = leaks(inside, demand.wire, demand.reach);
  if (leak !== undefined) return { skipped: leak, kind: "policy", places };
  const lacking = lacks(candidate.model, demand);
  if (lacking !== undefined) return { skipped: `${lacking}, as its model row says`, kind: "unsupported", places };
  const wire = chooseWire(candidate.wires, demand);
  if (wire === undefined) {
    const why = candidate.wires.size === 0 ? "that this model can be asked on" : "that has a form for audio";
    return { skipped: `it speaks no wire ${why}`, kind: "unsupported", places };
  }
  const exact = wire === demand.wire && candidate.wires.get(wire) === "exact";
  return { candidate, provider, wire, exact, places, within };
}

/** What every hop must pass, whatever it asks for: a provider that is there, at a place inside the boundary. */
export function enter(candidate: Candidate, outer: Boundary): Inside | Skipped {
  const { entry } = candidate;
  const within = narrow(outer, candidate.within);
  const places = placesOf(candidate, within);
  if (entry.disabled !== undefined || entry.provider === undefined) {
    return { skipped: `disabled: ${entry.disabled ?? "no provider"}`, kind: "unreachable", places };
  }
  const { provider } = entry;
  const blocked = entry.blocked?.();
  if (blocked !== undefined)
    return { skipped: `blocked: ${blocked}`, kind: "policy", places, ...bond(provider, within) };
  if (within === undefined) return { candidate, provider, places, within };
  if (!keepsPromise(candidate, provider))
    return { ...outsideOf(candidate, within, "unknown", places), ...bond(provider, within) };
  const outside = places.find((place) => !isInside(place, within));
  if (outside === undefined && places.length > 0) return { candidate, provider, places, within };
  return outsideOf(candidate, within, outside, places);
}

/** Where the request's own boundary leaves the row nothing, it is not the region that cannot be kept. */
function bond(provider: Provider, within: Boundary): Pick<Skipped, "binds"> {
  const open = within?.some((place) => place !== "local") === true;
  return provider.within === undefined || !open ? {} : { binds: provider.within };
}

/** Whether the model runs inside the region that its row's settings promise; a declared place does not make up for that. */
function keepsPromise({ model, within }: Candidate, provider: Provider): boolean {
  if (provider.within === undefined) return true;
  const places = provenPlaces(provider, model, within);
  return places.length > 0 && places.every((place) => isInside(place, provider.within));
}

function outsideOf(
  { entry, model }: Candidate,
  within: readonly Place[],
  place: Place | undefined,
  places: readonly Place[],
): Skipped {
  const kind = "policy";
  const outside = `outside the boundary ${within.join("+")}`;
  if (place !== "unknown" || entry.provider?.refresh === undefined) {
    return { skipped: `${outside}: it runs at ${place ?? "no place"}`, kind, places };
  }
  if (model.readAt !== undefined) {
    return { skipped: `${outside}: none of its endpoints is known to run inside`, kind, places };
  }
  return { skipped: `${outside}: where it runs has not been read, or too long ago`, kind, places, unread: true };
}

/** The client's own wire where the candidate speaks it, else the first that can carry what the request holds. */
function chooseWire(wires: ReadonlyMap<TextWire, unknown>, demand: Demand): TextWire | undefined {
  if (wires.has(demand.wire)) return demand.wire;
  for (const wire of wires.keys()) {
    // Messages alone has no form for sound.
    if (wire !== "messages" || !demand.needs().audio) return wire;
  }
  return undefined;
}

/** A row that says nothing refuses nothing. A wish for reasoning is never refused: it is dropped and listed. */
function lacks(model: Candidate["model"], demand: Demand): string | undefined {
  const { input } = model;
  if (input === undefined && model.tools !== false) return undefined;
  const needs = demand.needs();
  if (needs.tools && model.tools === false) return "it takes no tools";
  if (input === undefined) return undefined;
  if (needs.images && !input.includes("image")) return "it takes no images";
  if (needs.audio && !input.includes("audio")) return "it takes no audio";
  if (needs.files && !input.includes("file")) return "it takes no files";
  return undefined;
}
