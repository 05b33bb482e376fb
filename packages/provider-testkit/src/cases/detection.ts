import type { ProviderEntry, Recognised, TransportRequest } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { type Watched, watchLookup } from "../guard/watch.ts";
import { askBackend, createLookups, type LookupReply, type Lookups } from "../host/lookups.ts";
import { type Subject, validated } from "../subject.ts";
import { messageOf, show } from "../text.ts";

type Network = (request: TransportRequest) => LookupReply | Promise<LookupReply>;

/** A look at a server that has ended. */
interface Looked extends Watched<Recognised | undefined> {
  readonly lookups: Lookups;
}

/** As the host looks at a server that nobody knows yet: its origin alone, and no key. */
const stranger = (
  origin: string,
): Pick<ProviderEntry, "headers" | "secret" | "timeouts"> & {
  readonly provider: { readonly origins: readonly string[] };
} => ({ provider: { origins: [origin] }, headers: {}, secret: undefined, timeouts: {} });

async function look({ plugin }: Subject, origin: string, network: Network): Promise<Looked> {
  const lookups = createLookups(stranger(origin), network);
  const watched = await watchLookup(async () => plugin.detect?.recognise(origin, lookups.ask));
  return { ...watched, lookups };
}

/** A look at the plugin's own backend. */
async function lookAtOwn(subject: Subject, judge: (looked: Looked, origin: string) => Findings): Promise<Findings> {
  const backend = await subject.backend.start({});
  try {
    const looked = await look(subject, backend.origin, (request) => askBackend(backend.origin, request));
    return judge(looked, backend.origin);
  } finally {
    await backend.close();
  }
}

const detectionCase = (id: string, reason: string, run: (subject: Subject) => Promise<Findings>): Case => ({
  id,
  topic: "discovery",
  reason,
  spares: ({ plugin }) => (plugin.detect === undefined ? "the plugin looks for no servers" : undefined),
  run,
});

const detectOwn = detectionCase(
  "detect-own",
  "`detect` recognises its own backend, by an address on that very origin that the plugin's own schema takes.",
  (subject) =>
    lookAtOwn(subject, ({ result, thrown }, origin) => {
      if (thrown !== undefined) return [`it throws: ${messageOf(thrown)}`];
      if (result === undefined) return ["it does not recognise its own backend"];
      const { baseUrl } = result;
      if (!URL.canParse(baseUrl) || new URL(baseUrl).origin !== origin) {
        return [`it is at ${origin}, and the row's baseUrl would be ${show(baseUrl)}`];
      }
      try {
        validated(subject.plugin, { baseUrl });
        return [];
      } catch (error) {
        return [messageOf(error)];
      }
    }),
);

const list = { object: "list", data: [{ id: "a-model", object: "model", owned_by: "a-stranger" }] };

/** What other servers say, whatever they are asked. */
const strangers: readonly (readonly [what: string, status: number, said: unknown, isList?: true])[] = [
  ["a site that has a page for every path", 200, "<!doctype html><title>Welcome</title>"],
  ["a server that has nothing", 404, { detail: "Not Found" }],
  ["an empty object", 200, {}],
  ["an empty list", 200, []],
  ["an error in a 200", 200, { error: "There is no such path." }],
  ["a server that lets nobody in", 401, { message: "Who are you?" }],
  ["a server that is starting", 503, "Service Unavailable"],
  ["somebody else's list of models", 200, list, true],
];

const detectOthers = detectionCase(
  "detect-others",
  "`detect` takes no other server for its own; one that only knows a list of models when it sees one says `generic`.",
  async (subject) => {
    const findings: string[] = [];
    for (const [what, status, said, isList] of strangers) {
      const text = typeof said === "string" ? said : JSON.stringify(said);
      const { result } = await look(subject, "http://127.0.0.1:9", () => ({ status, text }));
      if (result !== undefined && !(isList === true && result.generic === true)) {
        findings.push(`it takes ${what} for its own`);
      }
    }
    return findings;
  },
);

const detectHarmless = detectionCase(
  "detect-harmless",
  "`detect` looks by `GET` through the `Ask` that it is given, at that origin alone, and nowhere else.",
  (subject) =>
    lookAtOwn(subject, ({ reached, lookups }) => [
      ...reached.map((what) => `recognise() ${what}`),
      ...new Set(lookups.strays.map((url) => `it asks ${url}, which is not the server that it is shown`)),
      ...lookups.asked
        .filter(({ method }) => method !== "GET")
        .map(({ url }) => `it posts to ${new URL(url).pathname}`),
    ]),
);

export const detectionCases: readonly Case[] = [detectOwn, detectOthers, detectHarmless];
