import type { AnswerHead } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { watchLookup } from "../guard/watch.ts";
import { type Answered, type Bench, withBench } from "../host/bench.ts";
import { createLookups } from "../host/lookups.ts";
import { clientBody } from "../host/questions.ts";
import { messageOf, show } from "../text.ts";
import { noTextWire, onEachWire, textWiresOf } from "./answers.ts";
import { headsFor } from "./hooks.ts";

const key = "sk-headgate-testkit-4f1d0c77a9e35b62";

/** Replies of a backend that says the key back, where it can be said. */
const echoes = [401, 400, 500].map((status) => ({
  kind: "reply" as const,
  status,
  body: { error: { message: `Incorrect API key provided: ${key}.`, code: key, type: key, param: key } },
  headers: { "x-echo": `Bearer ${key}` },
}));

const secretsHidden: Case = {
  id: "secrets-hidden",
  topic: "secrets",
  reason: "A key that the backend says back reaches neither the client nor the receipt.",
  spares: (subject) => (subject.plugin.auth === undefined ? "the plugin has no auth" : noTextWire(subject)),
  run: async (subject) => {
    const findings: string[] = [];
    for (const only of textWiresOf(subject)) {
      await withBench(subject, { only, key }, async (bench) => {
        for (const echo of echoes) {
          bench.backend.fail(echo);
          for (const stream of [false, true]) {
            const answered = await bench.ask({ wire: only, body: clientBody(only, { stream }) });
            findings.push(...leaks(answered).map((where) => `on ${only}, of a ${echo.status} it is in ${where}`));
          }
        }
      });
    }
    return findings;
  },
};

function leaks({ text, headers, receipt }: Answered): Findings {
  const places = { "the body": text, "the headers": show([...headers]), "the receipt": JSON.stringify(receipt) };
  return Object.entries(places)
    .filter(([, said]) => said.toLowerCase().includes(key))
    .map(([where]) => where);
}

const observeHidesHeaders: Case = {
  id: "observe-hides-headers",
  topic: "secrets",
  reason: "What `observe` says of an answer quotes no header: warnings go to the client as they are.",
  spares: (subject) => (subject.make().observe === undefined ? "the plugin has no observe()" : undefined),
  run: (subject) => {
    const provider = subject.make();
    const echoing = headsFor(textWiresOf(subject)).map(
      (head): AnswerHead => ({ ...head, headers: { "x-echo": `Bearer ${key}`, "set-cookie": `session=${key}` } }),
    );
    const said = echoing.map((head) => JSON.stringify(provider.observe?.(head)) ?? "");
    return said
      .filter((text) => text.includes(key))
      .slice(0, 1)
      .map((text) => `it says ${show(text)}`);
  },
};

const modelsHideKey: Case = {
  id: "models-hide-key",
  topic: "secrets",
  reason: "What a look-up throws holds no key, though the backend may quote the one that it refuses.",
  spares: (subject) => (subject.make().models === undefined ? "the plugin has no models()" : undefined),
  run: (subject) =>
    withBench(subject, { key }, async ({ provider, entry }: Bench) => {
      const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}.` } });
      const reply = { status: 401, text: body, headers: { "x-echo": key } };
      const { thrown, result } = await watchLookup(async () =>
        provider.models?.(createLookups(entry, () => reply).ask, []),
      );
      const said = `${thrown === undefined ? "" : messageOf(thrown)}${JSON.stringify(result) ?? ""}`;
      return said.includes(key) ? [`it says ${show(said)}`] : [];
    }),
};

const theirs = "a-client's-own-secret";

const credentials = ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "proxy-authorization"];

const forwardsNoCredentials: Case = {
  id: "forwards-no-credentials",
  topic: "secrets",
  reason: "No header with a client's credentials is forwarded: they open Headgate, nothing behind it.",
  run: async (subject) => {
    const own = subject.plugin.auth?.header;
    const names = own === undefined ? credentials : [...credentials, own];
    const { forwards = [] } = subject.make();
    const declared = forwards.filter((name) => names.includes(name)).map((name) => `forwards names ${name}`);
    if (noTextWire(subject) !== undefined) return declared;
    const sent = await onEachWire(subject, async (bench, wire) => {
      const headers = Object.fromEntries(names.map((name) => [name, theirs]));
      await bench.ask({ wire, body: clientBody(wire, {}), headers });
      const arrived = Object.entries(bench.backend.arrived.at(-1)?.headers ?? {});
      return arrived
        .filter(([, value]) => value.includes(theirs))
        .map(([name]) => `on ${wire}, a client's ${name} reaches the backend`);
    });
    return [...declared, ...sent];
  },
};

export const secretCases: readonly Case[] = [secretsHidden, observeHidesHeaders, modelsHideKey, forwardsNoCredentials];
