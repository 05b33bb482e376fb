import { isLoopbackOrigin, type ModelFacts, type Operation, type Place, type Provider } from "@headgate/core";
import type { JsonObject } from "@headgate/wire";
import type { Case, Findings } from "../case.ts";
import { type Bench, posted, type Question, withBench } from "../host/bench.ts";
import { bareBodies, clientBody } from "../host/questions.ts";
import { callsFor } from "../odd/calls.ts";
import { oddModels } from "../odd/models.ts";
import type { Subject } from "../subject.ts";
import { show } from "../text.ts";
import { noTextWire, onEachWire, textWiresOf } from "./answers.ts";
import { factsFound } from "./discovery.ts";
import { exchangesOf } from "./exchange.ts";

const originsOnly: Case = {
  id: "origins-only",
  topic: "borders",
  reason: "`request` leads to a declared origin, whatever a model is called.",
  run: (subject) => {
    const provider = subject.make();
    const exchanges = exchangesOf(callsFor(provider, subject.model), (call) => provider.request(call));
    const strays = [...exchanges].filter(({ url }) => !provider.origins.some((origin) => isUnder(url, origin)));
    return [...new Set(strays.map(({ url }) => `it asks ${show(url)}, on none of ${provider.origins.join(", ")}`))];
  },
};

/** As the host looks at it: by its letters, so that no parser's leniency opens a way. */
const isUnder = (url: unknown, origin: string): boolean => typeof url === "string" && url.startsWith(`${origin}/`);

const elsewhere = "https://elsewhere.example/v1/chat/completions";

const redirectsRefused: Case = {
  id: "redirects-refused",
  topic: "borders",
  reason: "A backend that redirects is a bad answer: nothing follows it out of the declared origins.",
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      bench.backend.fail({ kind: "reply", status: 307, body: "", headers: { location: elsewhere } });
      const { attempt } = await bench.ask({ wire, body: clientBody(wire, {}) });
      const strays = bench.sent.filter(({ url }) => !bench.provider.origins.some((origin) => isUnder(url, origin)));
      return [
        ...strays.map(({ url }) => `on ${wire} it follows to ${url}`),
        ...(attempt?.outcome === "bad_answer" ? [] : [`on ${wire} a redirect is read as ${attempt?.outcome}`]),
      ];
    }),
};

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

/** Everything that can be asked of a plugin, once. */
function everyQuestion(subject: Subject): readonly Question[] {
  const { operations = [] } = subject.make();
  const beside = operations.filter((operation) => operation !== "generate");
  return [
    ...textWiresOf(subject).flatMap((wire) =>
      [false, true].map((stream): Question => ({ wire, body: clientBody(wire, { stream }) })),
    ),
    ...beside.map(operationQuestion),
  ];
}

/** How an operation is asked for. */
export function operationQuestion(operation: Operation): Question {
  switch (operation) {
    case "embed":
      return { wire: "embeddings", operation, body: bareBodies.embed };
    case "complete":
      return { wire: "completions", operation, body: bareBodies.complete };
    case "compact":
      return { wire: "responses", operation, body: clientBody("responses", {}) };
    default:
      return { wire: "messages", operation, body: countBody() };
  }
}

/** A count takes no limit of the answer. */
function countBody(): JsonObject {
  const { max_tokens: _, ...body } = clientBody("messages", {});
  return body;
}

const boundaryKept: Case = {
  id: "boundary-kept",
  topic: "borders",
  reason: "A request with a boundary that nothing proves sends no byte, whatever is asked for.",
  spares: (subject) => noTextWire(subject),
  run: async (subject) => {
    // On loopback `local` is inside every boundary: what is declared unknown is inside none.
    const row = subject.make().places(subject.model, undefined).includes("local") ? { place: "unknown" } : {};
    return withBench(subject, { row }, async (bench: Bench) => {
      const findings: string[] = [];
      for (const question of everyQuestion(subject)) {
        const before = posted(bench);
        await bench.ask({ ...question, headers: { "x-headgate-within": "aq" } });
        if (posted(bench) > before) findings.push(`${question.operation ?? "generate"} on ${question.wire} is sent`);
      }
      return findings;
    });
  },
};

const marker = "kit-client-wants-this";

const reservedRemoved: Case = {
  id: "reserved-removed",
  topic: "borders",
  reason: "A reserved key that a client sends is removed and listed, nothing of its value goes on.",
  spares: (subject) =>
    (subject.make().reserved ?? []).length === 0 ? "the plugin reserves no key" : noTextWire(subject),
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const keys = subject.make().reserved ?? [];
      const findings: string[] = [];
      for (const key of keys) {
        const values = [marker, { order: [marker], only: marker }, [marker]];
        for (const value of values) {
          const { receipt } = await bench.ask({ wire, body: { ...clientBody(wire, {}), [key]: value } });
          const arrived = bench.backend.arrived.at(-1);
          const passes = `${arrived?.text} ${arrived?.path} ${show(arrived?.headers)}`.includes(marker);
          if (passes) findings.push(`on ${wire}, a client's ${key}: ${show(value)} reaches the backend`);
          if (!receipt.losses.some(({ field }) => field === key))
            findings.push(`on ${wire}, the loss of ${key} is not listed`);
        }
      }
      return findings;
    }),
};

export const borderCases: readonly Case[] = [
  originsOnly,
  redirectsRefused,
  placesForm,
  placesNeverLocal,
  placesProven,
  placesWithin,
  placesDeclared,
  boundaryKept,
  reservedRemoved,
];
