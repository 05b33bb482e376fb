import { isLoopbackOrigin, type ModelFacts, type Place, type Provider } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { withBench } from "../host/bench.ts";
import { oddModels } from "../odd/models.ts";
import type { Subject } from "../subject.ts";
import { show } from "../text.ts";
import { factsFound } from "./discovery.ts";

/** Hosts that are not this machine, and names that seem to tell where they are. */
const remoteOrigins = [
  "https://api.example.com",
  "https://eu.api.example.com",
  "https://us-east-1.example.com",
  "https://inference.example.de",
  "http://localhost.example.com",
  "http://127.0.0.1.example.com",
  "http://my-machine.local:1234",
  "http://host.docker.internal:1234",
  "http://10.0.0.5:8000",
  "http://192.168.1.20:1234",
  "http://172.17.0.2:8000",
  "http://[fd00::1]:8000",
  "http://0.0.0.0:1234",
];

/** One answer of `places`. */
interface Said {
  readonly origins: readonly string[];
  readonly model: ModelFacts;
  readonly within: readonly Place[] | undefined;
  readonly places: readonly Place[];
}

const boundaries: readonly (readonly Place[] | undefined)[] = [
  undefined,
  ["local"],
  ["eu"],
  ["us"],
  ["de", "fr"],
  ["aq"],
];

/** What it says of every model under every boundary, on this machine and on others. */
function* placesSaid(subject: Subject): Generator<Said> {
  const origins = subject.moves ? ["http://127.0.0.1:9", ...remoteOrigins] : ["http://127.0.0.1:9"];
  for (const origin of origins) {
    const provider = subject.make(subject.at(origin));
    for (const model of [subject.model, ...(subject.plugin.catalog ?? []), ...oddModels]) {
      for (const within of boundaries) yield saidBy(provider, model, within);
    }
  }
}

const saidBy = (provider: Provider, model: ModelFacts, within: Said["within"]): Said => ({
  origins: provider.origins,
  model,
  within,
  places: provider.places(structuredClone(model), within),
});

/** Looks at every answer of `places`, and tells of each fault once. */
function inAllPlaces(subject: Subject, fault: (said: Said) => string | undefined): Findings {
  const found = new Map<string, string>();
  for (const said of placesSaid(subject)) {
    const sentence = fault(said);
    if (sentence === undefined || found.has(sentence)) continue;
    const within = said.within === undefined ? "" : `, within ${said.within.join("+")}`;
    found.set(sentence, `${sentence}: at ${said.origins.join(", ")} for the model ${show(said.model.id)}${within}`);
  }
  return [...found.values()];
}

const isRemote = ({ origins }: Said): boolean => !origins.every(isLoopbackOrigin);

const placesForm: Case = {
  id: "places-form",
  topic: "borders",
  reason: "`places` is a list with something in it: `local`, `eu`, countries' codes in lower case, or `unknown`.",
  run: (subject) =>
    inAllPlaces(subject, ({ places }) => {
      const isList = Array.isArray(places) && places.length > 0;
      return isList && places.every((place) => /^(local|unknown|[a-z]{2})$/.test(place))
        ? undefined
        : `places is ${show(places)}`;
    }),
};

const placesNeverLocal: Case = {
  id: "places-never-local",
  topic: "borders",
  reason: "Another machine is never `local`, be it in the same house: `local` lies inside every boundary.",
  run: (subject) =>
    inAllPlaces(subject, (said) => (isRemote(said) && said.places.includes("local") ? "it says local" : undefined)),
};

const placesProven: Case = {
  id: "places-proven",
  topic: "borders",
  reason:
    "A place is proven by the config, or it is `unknown`: a host's name, a model's name and a guess prove nothing.",
  run: (subject) =>
    inAllPlaces(subject, (said) => {
      const guesses = said.places.filter(
        (place) => !/^(local|unknown)$/.test(place) && !subject.proven.includes(place),
      );
      return guesses.length === 0 || said.within !== undefined ? undefined : `it says ${guesses.join(", ")}`;
    }),
};

const placesWithin: Case = {
  id: "places-within",
  topic: "borders",
  reason: "Under a boundary it names no place that it does not name without one: it never says yes to what is asked.",
  run: (subject) =>
    inAllPlaces(subject, (said) => {
      if (said.within === undefined) return undefined;
      const plain = subject.make(subject.at(said.origins[0] ?? "")).places(said.model, undefined);
      const proven = new Set(["unknown", ...plain, ...subject.proven]);
      const added = said.places.filter((place) => !proven.has(place));
      return added.length === 0 ? undefined : `asked for a boundary, it says ${added.join(", ")}`;
    }),
};

const placesDeclared: Case = {
  id: "places-declared",
  topic: "borders",
  reason: "What the test says that its config proves is what `places` says.",
  spares: ({ proven }) => (proven.length === 0 ? "the test declares no places" : undefined),
  run: async (subject) => {
    const places = await placesFound(subject);
    const same = places.length === subject.proven.length && places.every((place) => subject.proven.includes(place));
    return same ? [] : [`it says ${places.join(", ")}, the test ${subject.proven.join(", ")}`];
  },
};

/** What it says of the model with all that it can find out of it, as it has to on its own origins. */
async function placesFound(subject: Subject): Promise<readonly Place[]> {
  if (subject.make().refresh === undefined) return subject.make().places(subject.model, undefined);
  return withBench(subject, {}, async (bench) => {
    return bench.provider.places(await factsFound(subject, bench), bench.provider.within);
  });
}

export const placeCases: readonly Case[] = [placesForm, placesNeverLocal, placesProven, placesWithin, placesDeclared];
