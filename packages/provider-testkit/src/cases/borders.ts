import type { Operation } from "@headgate/core";
import type { JsonObject } from "@headgate/wire";
import type { Case } from "../case.ts";
import { type Bench, posted, type Question, withBench } from "../host/bench.ts";
import { bareBodies, clientBody } from "../host/questions.ts";
import { callsFor } from "../odd/calls.ts";
import type { Subject } from "../subject.ts";
import { show } from "../text.ts";
import { noTextWire, onEachWire, textWiresOf } from "./answers.ts";
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

export const borderCases: readonly Case[] = [originsOnly, redirectsRefused, boundaryKept, reservedRemoved];
