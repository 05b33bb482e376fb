import { type Explanation, isInside, type ModelFacts, nearNames } from "@headgate/core";
import { placesOf } from "../discover.ts";
import type { Examination } from "./examine.ts";
import type { Finding, Said } from "./finding.ts";
import { sizeOf, weakness } from "./size.ts";

/** What is known of one configured model. */
export interface ModelSeen {
  readonly seen: Examination;
  readonly id: string;
  /** As the backend lists it. */
  readonly listed: ModelFacts | undefined;
  readonly state: ModelState;
  /** Who would be asked for it, by the server's own code. */
  readonly explanation: Explanation;
}

/** `listed`: it is there, and more is not told. `unknown`: there is no list. */
export type ModelState = "ready" | "loading" | "cold" | "missing" | "listed" | "unknown";

type Judge = (model: ModelSeen) => readonly Said[];

/** Tokens below which an agent's own instructions and tools leave little room for the work. */
const shortWindow = 16_384;

/** Puts together what is known of a model that the config names. */
export function lookAtModel(seen: Examination, id: string, explanation: Explanation): ModelSeen {
  const listed = seen.list?.find((facts) => facts.id === id);
  return { seen, id, listed, state: stateOf(seen, id, listed), explanation };
}

function stateOf({ statuses, list }: Examination, id: string, listed: ModelFacts | undefined): ModelState {
  const told = statuses.get(id);
  if (told !== undefined) return told;
  if (list === undefined) return "unknown";
  if (listed === undefined) return "missing";
  return listed.state === undefined ? "listed" : listed.state === "loaded" ? "ready" : "cold";
}

/** What is to be said of a model. Pure. */
export function judgeModel(model: ModelSeen): readonly Finding[] {
  const { seen, id } = model;
  return judges.flatMap((judge) => judge(model).map((said) => ({ provider: seen.entry.id, model: id, ...said })));
}

/** Whether all of it runs on this machine, as far as is declared or proven. */
export const isLocal = ({ places }: Examination): boolean =>
  places.length > 0 && places.every((place) => place === "local");

const state: Judge = ({ seen, id, state }) => {
  const ref = `${seen.entry.id}/${id}`;
  switch (state) {
    case "unknown":
      return [];
    case "ready":
      return [{ check: "model", level: "ok", seen: "loaded" }];
    case "listed":
      return [{ check: "model", level: "ok", seen: "there" }];
    case "loading":
      return [{ check: "model", level: "warning", seen: "it is being loaded", fix: "wait for it; requests do" }];
    case "cold":
      return [
        {
          check: "model",
          level: "warning",
          seen: "not loaded: the first request waits for that",
          fix: loadFix(seen, ref),
        },
      ];
    case "missing":
      return [missing(seen, id)];
  }
};

const loadFix = ({ entry }: Examination, ref: string): string =>
  entry.provider?.load === undefined ? "load it in the server" : `headgate load ${ref}`;

/** A server of one's own lists all that it has; what others list is often less than what they serve. */
function missing(seen: Examination, id: string): Said {
  const all = (seen.list ?? []).map((facts) => facts.id);
  const near = nearNames(id, all);
  const others = all.length === 0 ? "" : `; it has ${all.slice(0, 5).join(", ")}${all.length > 5 ? " …" : ""}`;
  const fix =
    near.length > 0
      ? `write ${near.map((name) => JSON.stringify(`${seen.entry.id}/${name}`)).join(" or ")}`
      : "write a model that it has, or add this one to the server";
  return {
    check: "model",
    level: isLocal(seen) ? "broken" : "warning",
    seen: `its list does not name it${others}`,
    fix,
  };
}

const window: Judge = ({ seen, id, listed, state }) => {
  const written = seen.entry.row?.models.find((row) => row.id === id)?.contextWindow;
  const actual = state === "cold" ? undefined : listed?.contextWindow;
  const where = `the model's row in models.providers.${seen.entry.id}`;
  if (actual !== undefined && written !== undefined && written > actual) {
    const what = `${written} tokens written, ${actual} there: what lies between is sent, and refused`;
    return [
      {
        check: "window",
        level: "warning",
        seen: what,
        fix: `write contextWindow: ${actual} in ${where}, or load it with more`,
      },
    ];
  }
  const effective = actual ?? written;
  if (effective === undefined) return [];
  if (isLocal(seen) && effective < shortWindow) {
    const what = `${effective} tokens: an agent's instructions and tools alone may fill that`;
    return [
      {
        check: "window",
        level: "warning",
        seen: what,
        fix: `load it with ${shortWindow} tokens or more, and write that in ${where}`,
      },
    ];
  }
  return [{ check: "window", level: "ok", seen: `${effective} tokens${actual === undefined ? " written" : ""}` }];
};

/** What admission says of it: a wire that it lacks, a boundary that it lies outside of. */
const admission: Judge = ({ seen, id, explanation }) => {
  const { entry, outside } = seen;
  // Of the provider as a whole it has been said.
  if (entry.disabled !== undefined || outside !== undefined || entry.blocked?.() !== undefined) return [];
  const [candidate] = explanation.found ? explanation.candidates : [];
  if (candidate === undefined) return [];
  if (candidate.skipped === undefined) {
    const wires = [...new Set(Object.values(candidate.wires).map(({ asked }) => asked))];
    return [{ check: "wire", level: "ok", seen: `asked on ${wires.join(", ")}` }];
  }
  const only = entry.models.get(id)?.wires;
  if (only !== undefined && !only.some((wire) => [...entry.wires.keys()].some((spoken) => spoken === wire))) {
    const fix = `leave api and wires out of the model's row, or name one that models.providers.${entry.id} speaks`;
    return [{ check: "wire", level: "broken", seen: `never asked: ${candidate.skipped}`, fix }];
  }
  return beyond(seen, id, candidate.skipped);
};

/** Where places depend on what is read, admission knew nothing of them yet, and the list does. */
function beyond(seen: Examination, id: string, skipped: string): readonly Said[] {
  const { entry, list } = seen;
  const promise = entry.provider?.refresh === undefined ? undefined : entry.provider.within;
  const places = promise === undefined || list === undefined ? [] : placesOf(entry, [id], list);
  if (places.length > 0 && places.every((place) => isInside(place, promise))) {
    return [{ check: "border", level: "ok", seen: `it runs at ${places.join("+")}` }];
  }
  const fix = `take it out of the order, or, if you know better where it runs, write models.providers.${entry.id}.place`;
  return [{ check: "border", level: "warning", seen: `never asked: ${skipped}`, fix }];
}

const size: Judge = ({ seen, id, listed }) => {
  const weak = isLocal(seen) ? weakness(sizeOf(listed ?? { id })) : undefined;
  if (weak === undefined) return [];
  const what = `${weak}: small and heavily quantised models do what a page or a file tells them more readily`;
  const fix = "give tool work to a larger one, or take from it the tools that can do harm";
  return [{ check: "size", level: "warning", seen: what, fix }];
};

const judges: readonly Judge[] = [state, window, admission, size];
