import type { ModelFacts, PlaceEvidence, ServedCall } from "@headgate/core";
import type { Case } from "../case.ts";
import { type Watched, watchLookup } from "../guard/watch.ts";
import { type Bench, withBench } from "../host/bench.ts";
import { createLookups, type LookupReply } from "../host/lookups.ts";
import type { Subject } from "../subject.ts";
import { messageOf, show } from "../text.ts";
import { factsFound } from "./discovery.ts";

const noEvidence = (subject: Subject): string | undefined =>
  subject.make().evidence === undefined ? "the plugin has no evidence()" : undefined;

/** Replies that prove nothing. */
const silences: readonly LookupReply[] = [
  { status: 404, text: '{"error":{"message":"no record"}}' },
  { status: 401, text: "{}" },
  { status: 500, text: "" },
  { status: 200, text: "" },
  { status: 200, text: "{}" },
  { status: 200, text: '{"data":null}' },
  { status: 200, text: '{"data":{}}' },
  { status: 200, text: '{"data":[]}' },
  { status: 200, text: "<html><body>502 Bad Gateway</body></html>" },
];

const callsOf = (model: ModelFacts): readonly ServedCall[] =>
  [undefined, "gen-1", ""].map((generation) => ({ model, within: ["eu"], generation }));

/** Every look for a record that there is not. */
async function* looks(
  subject: Subject,
  bench: Bench,
): AsyncGenerator<readonly [at: string, strays: readonly string[], end: Watched<PlaceEvidence | undefined>]> {
  const { provider, entry } = bench;
  for (const call of callsOf(await factsFound(subject, bench))) {
    for (const reply of silences) {
      const lookups = createLookups(entry, () => reply);
      const end = await watchLookup(async () => provider.evidence?.(structuredClone(call), lookups.ask));
      yield [`${show(call.generation)}, ${reply.status} ${show(reply.text)}`, lookups.strays, end];
    }
  }
}

const evidenceProves: Case = {
  id: "evidence-proves",
  topic: "borders",
  reason: "`evidence` says that an answer was made where it had to be by a record alone: of no record it says nothing.",
  spares: noEvidence,
  run: (subject) =>
    withBench(subject, {}, async (bench) => {
      const findings: string[] = [];
      for await (const [at, , { result, thrown }] of looks(subject, bench)) {
        if (result?.matches === true) findings.push(`of ${at} it says that the place matches`);
        if (thrown instanceof TypeError || thrown instanceof RangeError)
          findings.push(`of ${at} it throws ${messageOf(thrown)}`);
      }
      return findings;
    }),
};

const evidenceThroughHost: Case = {
  id: "evidence-through-host",
  topic: "borders",
  reason: "`evidence` asks through the `Ask` that it is given, declared origins alone.",
  spares: noEvidence,
  run: (subject) =>
    withBench(subject, {}, async (bench) => {
      const findings = new Set<string>();
      for await (const [, strays, { reached }] of looks(subject, bench)) {
        for (const url of strays) findings.add(`it asks ${show(url)}, which is no origin of its own`);
        for (const what of reached) findings.add(`evidence() ${what}`);
      }
      return [...findings];
    }),
};

export const evidenceCases: readonly Case[] = [evidenceProves, evidenceThroughHost];
