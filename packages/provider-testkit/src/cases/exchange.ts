import { isDeepStrictEqual } from "node:util";
import type { Call, HttpRequest } from "@headgate/core";
import type { RunningBackend } from "../backend/backend.ts";
import type { Case, Findings } from "../case.ts";
import { withBench } from "../host/bench.ts";
import { clientBody } from "../host/questions.ts";
import { callsFor } from "../odd/calls.ts";
import { messageOf, show } from "../text.ts";
import { failedBecause, noTextWire, onEachWire, textWiresOf } from "./answers.ts";
import { headsFor } from "./hooks.ts";

const isNames = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((name) => typeof name === "string" && name !== ""));

const framing = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/;

/** What is wrong with an exchange as a plugin shapes it. */
function shapeFaults({ url, headers = {}, set = {}, unset, dropped }: HttpRequest): Findings {
  const badHeaders = Object.entries(headers).filter(
    ([name, value]) =>
      !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ||
      framing.test(name) ||
      !/^[\t\x20-\x7e\x80-\xff]*$/.test(String(value)),
  );
  return [
    ...(URL.canParse(url) ? [] : [`the url ${show(url)} is not absolute`]),
    ...badHeaders.map(([name, value]) => `the header ${show(name)}: ${show(value)} cannot be sent, or is the host's`),
    ...(isJson(set) ? [] : [`set holds what is no JSON: ${show(set)}`]),
    ...(isNames(unset) ? [] : [`unset is ${show(unset)}, no list of keys`]),
    ...(isNames(dropped) ? [] : [`dropped is ${show(dropped)}, no list of keys`]),
  ];
}

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

/** Exchanges of every kind; what `request` throws is left out: the host takes it for a refusal. */
export function* exchangesOf(calls: readonly Call[], request: (call: Call) => HttpRequest): Generator<HttpRequest> {
  for (const call of calls) {
    try {
      yield request(structuredClone(call));
    } catch {
      // A model's name may be one that the plugin refuses.
    }
  }
}

const requestShape: Case = {
  id: "request-shape",
  topic: "answers",
  reason: "`request` gives an absolute URL, headers that can be sent, and JSON for keys of the body.",
  run: (subject) => {
    const provider = subject.make();
    const [call] = callsFor(provider, subject.model);
    if (call !== undefined) provider.request(structuredClone(call));
    const exchanges = exchangesOf(callsFor(provider, subject.model), (one) => provider.request(one));
    return [...new Set([...exchanges].flatMap(shapeFaults))];
  },
};

const key = "sk-headgate-testkit-0123456789abcdef";

const keySent: Case = {
  id: "key-sent",
  topic: "answers",
  reason:
    "The key reaches the backend in the header and with the prefix that `auth` names, and is the one that it takes.",
  spares: (subject) => (subject.plugin.auth === undefined ? "the plugin has no auth" : noTextWire(subject)),
  run: async (subject) => {
    const findings: string[] = [];
    for (const only of textWiresOf(subject)) {
      await withBench(subject, { only, key }, async (bench) => {
        const answered = await bench.ask({ wire: only, body: clientBody(only, {}) });
        const fault = failedBecause(answered);
        if (fault !== undefined) findings.push(`on ${only}, of a backend that asks for a key: ${fault}`);
      });
    }
    return findings;
  },
};

/** Milliseconds until a backend has to know that its client has left: the engine needs less than a hundred, a busy machine more. */
const patience = 3000;

const cancellation: Case = {
  id: "cancellation",
  topic: "answers",
  reason: "When the client leaves, the backend is told at once: before its answer and amid a stream.",
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (_bench, wire) => {
      const findings: string[] = [];
      for (const kind of ["hang", "hang-midway"] as const) {
        await withBench(subject, { only: wire }, async ({ backend, ask }) => {
          backend.fail({ kind });
          const leaving = new AbortController();
          const body = clientBody(wire, { stream: kind === "hang-midway" });
          const asked = ask({ wire, body, signal: leaving.signal }).catch(messageOf);
          await arrival(backend);
          leaving.abort();
          await backend.nextClose(patience).catch((error) => findings.push(`on ${wire}, ${kind}: ${messageOf(error)}`));
          await asked;
        });
      }
      return findings;
    }),
};

/** Until the backend has the request. */
async function arrival(backend: RunningBackend): Promise<void> {
  const end = performance.now() + patience;
  while (!backend.arrived.some(({ method }) => method === "POST") && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 5));
  // A stream has shown its first output by now.
  await new Promise((resolve) => setTimeout(resolve, 20));
}

const observeSurvives: Case = {
  id: "observe-survives",
  topic: "answers",
  reason:
    "`observe` reads any head of an answer without throwing, and gives texts, a count, or nothing; warnings are short.",
  spares: (subject) => (subject.make().observe === undefined ? "the plugin has no observe()" : undefined),
  run: (subject) => {
    const provider = subject.make();
    return headsFor(textWiresOf(subject)).flatMap((head): Findings => {
      try {
        const observed: Readonly<Record<string, unknown>> = { ...provider.observe?.(structuredClone(head)) };
        return Object.entries(observed)
          .filter(([key, value]) => value !== undefined && !(isTextOf.get(key)?.(value) ?? false))
          .map(([key, value]) => `${key} is ${show(value)}, at ${show(head.body)}`);
      } catch (error) {
        return [`it throws at ${show(head.body)}: ${messageOf(error)}`];
      }
    });
  },
};

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

const isClause = (value: unknown): boolean =>
  typeof value === "string" && value !== "" && value.length <= 300 && !/[\r\n]/.test(value);

/** What `observe` may say. */
const isTextOf: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["model", isText],
  ["provider", isText],
  ["generation", isText],
  ["warning", isClause],
  ["mismatch", isClause],
  ["inputTokens", (value) => Number.isSafeInteger(value) && Number(value) > 0],
]);

const observeInventsNothing: Case = {
  id: "observe-invents-nothing",
  topic: "answers",
  reason: "The model that `observe` names is one that the answer names: what was asked for proves nothing.",
  spares: observeSurvives.spares ?? (() => undefined),
  run: (subject) => {
    const provider = subject.make();
    return headsFor(textWiresOf(subject)).flatMap((head) => {
      const asked = { ...head, model: "what-was-asked-for" };
      const { model } = provider.observe?.(asked) ?? {};
      const said = JSON.stringify([asked.headers, asked.body]);
      return model === undefined || said.includes(JSON.stringify(model))
        ? []
        : [`it names ${show(model)} of the answer ${show(asked.body)}`];
    });
  },
};

export const exchangeCases: readonly Case[] = [
  requestShape,
  keySent,
  observeSurvives,
  observeInventsNothing,
  cancellation,
];
