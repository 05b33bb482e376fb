import { type BackendDescription, cases, checkProvider, type DescribedFailure } from "@headgate/provider-testkit";
import { type TextWire, textWires } from "@headgate/wire";
import { eventsOf } from "../../tests/harness/ask.ts";
import { dialects } from "../../tests/harness/dialects/index.ts";
import { parse } from "../../tests/harness/json.ts";
import type { Recorded } from "./ask-server.ts";
import type { Difference } from "./compare.ts";
import { key, type ServerKind, type Target } from "./target.ts";

/** What each case of the kit came to: `kept`, `broken`, `spared`. */
export type KitReport = Readonly<Record<string, string>>;

/**
 * Holds the server's plugin to the kit, over a backend that says what this server just said: its answers on every
 * wire, its model list, its refusals.
 */
export async function runKit(server: ServerKind, target: Target, said: Readonly<Record<string, Recorded>>) {
  const backend = await describe(server, target, said);
  const only = cases.map(({ id }) => id).filter((id) => id !== asked);
  const reports = await checkProvider({ plugin: server.plugin, backend }, { only });
  const report: KitReport = Object.fromEntries(reports.map(({ id, kind }) => [id, kind]));
  const broken = reports.flatMap((one) => (one.kind === "broken" ? [{ cell: one.id, lines: one.findings }] : []));
  return { report, broken };
}

/** It looks at paths that a description does not have: `recognise` asks the server itself. */
const asked = "detect-own";

/** Cases that end differently over the two. */
export function kitDifferencesOf(real: KitReport, simulated: KitReport): readonly Difference[] {
  return Object.keys(real)
    .filter((id) => real[id] !== simulated[id])
    .map((id) => ({ cell: `kit ${id}`, lines: [`real ${real[id]}, simulated ${simulated[id]}`] }));
}

async function describe(
  server: ServerKind,
  { seats }: Target,
  said: Readonly<Record<string, Recorded>>,
): Promise<BackendDescription> {
  const list = await fetch(`${seats.say.origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  return {
    name: server.name,
    model: seats.say.model,
    models: { path: "/v1/models", reply: await list.json() },
    wires: {
      ...Object.fromEntries(textWires.map((wire) => [wire, wireOf(wire, said)])),
      // Not compared: the kit answers these itself.
      embeddings: "/v1/embeddings",
      completions: "/v1/completions",
    },
    operations: { count: "/v1/messages/count_tokens" },
    failures: failuresOf(server, said),
  };
}

const wireOf = (wire: TextWire, said: Readonly<Record<string, Recorded>>) => ({
  path: dialects[wire].path,
  whole: parse(said[`${wire}-text`]?.text ?? ""),
  stream: eventsOf(Buffer.from(said[`${wire}-text-stream`]?.text ?? "")).map(({ data }) => parse(data) ?? data),
});

/** On the chat wire, which every adapter here asks first. */
function failuresOf(
  { unknownModel }: ServerKind,
  said: Readonly<Record<string, Recorded>>,
): Readonly<Record<string, DescribedFailure>> {
  const kinds = {
    overflow: "context_overflow",
    "unknown-model": unknownModel,
    "wrong-key": "unauthenticated",
  } as const;
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, kind]) => {
      const seen = said[`chat-${name}`];
      if (kind === undefined || seen === undefined) return [];
      return [[name, { kind, status: seen.status, body: parse(seen.text) ?? seen.text }]];
    }),
  );
}
