import type { FailureKind, Wire } from "@headgate/core";
import type { TextWire } from "@headgate/wire";
import type { Trouble } from "../backend/backend.ts";
import type { Case } from "../case.ts";
import type { Answered, Bench } from "../host/bench.ts";
import { clientBody } from "../host/questions.ts";
import { replyOf } from "../odd/replies.ts";
import type { Subject } from "../subject.ts";
import { show } from "../text.ts";
import { noTextWire, onEachWire, textWiresOf } from "./answers.ts";

async function askInTrouble(bench: Bench, wire: TextWire, trouble: Trouble, stream: boolean): Promise<Answered> {
  bench.backend.fail(trouble);
  return bench.ask({ wire, body: clientBody(wire, { stream }) });
}

const known =
  (stream: boolean): Case["run"] =>
  (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const findings: string[] = [];
      for (const { name, kind, wires } of subject.backend.failures) {
        if (wires?.includes(wire) === false) continue;
        const { attempt } = await askInTrouble(bench, wire, { kind: "known", name }, stream);
        if (attempt?.outcome === kind) continue;
        findings.push(`on ${wire}, "${name}" is ${kind}, and is read as ${attempt?.outcome}: ${attempt?.message}`);
      }
      return findings;
    });

const failureWhole: Case = {
  id: "failure-whole",
  topic: "failures",
  reason: "Every failure that the backend is known for is named right where a whole answer was asked for.",
  spares: noTextWire,
  run: known(false),
};

const failureStreamed: Case = {
  id: "failure-streamed",
  topic: "failures",
  reason: "Every failure that the backend is known for is named right where a stream was asked for, inside a 200 too.",
  spares: noTextWire,
  run: known(true),
};

/** What the host can tell by itself is a bad answer, whatever a plugin makes of the rest. */
const badAnswer = (id: string, reason: string, troubles: readonly Trouble[]): Case => ({
  id,
  topic: "failures",
  reason,
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const findings: string[] = [];
      for (const trouble of troubles) {
        for (const stream of [false, true]) {
          const { attempt, status } = await askInTrouble(bench, wire, trouble, stream);
          if (attempt?.outcome === "bad_answer" && status === 502) continue;
          const how = stream ? "streamed" : "whole";
          findings.push(`on ${wire}, ${how}, ${trouble.kind} is read as ${attempt?.outcome}: ${attempt?.message}`);
        }
      }
      return findings;
    }),
});

/** What a status may mean where nothing else is said. */
const statusKinds: ReadonlyMap<number, readonly FailureKind[]> = new Map([
  [401, ["unauthenticated"]],
  [402, ["quota_exhausted"]],
  [403, ["forbidden", "policy"]],
  [404, ["model_missing", "unsupported"]],
  [413, ["unsupported", "context_overflow"]],
  [418, ["unsupported"]],
  [429, ["rate_limited", "overloaded"]],
  [500, ["bad_answer", "overloaded"]],
  [502, ["bad_answer", "overloaded"]],
  [503, ["overloaded"]],
  [504, ["timeout", "overloaded", "bad_answer"]],
]);

const failureStatus: Case = {
  id: "failure-status",
  topic: "failures",
  reason:
    "A bare status means what it means everywhere; a 4xx that nobody knows is `unsupported`, so that others are asked.",
  run: (subject) =>
    [...statusKinds].flatMap(([status, kinds]) =>
      [undefined, "", {}].flatMap((body) => {
        const { kind } = subject.make().failure(replyOf(wireFor(subject), status, body));
        return kinds.includes(kind)
          ? []
          : [`${status} without a word is read as ${kind}, not as ${kinds.join(" or ")}`];
      }),
    ),
};

/** The first wire of a plugin. */
const wireFor = (subject: Subject): Wire =>
  textWiresOf(subject)[0] ?? (Object.keys(subject.make().wires) as Wire[])[0] ?? "chat";

const retryAfter: Case = {
  id: "failure-retry-after",
  topic: "failures",
  reason: "`retryAfter` is what the backend asks for, in milliseconds: `retry-after: 7` is 7000.",
  run: (subject) => {
    const provider = subject.make();
    const waits = [1, 7].map((seconds) => {
      const headers = { "retry-after": String(seconds) };
      return [seconds, provider.failure(replyOf(wireFor(subject), 429, {}, headers)).retryAfter] as const;
    });
    const plain = provider.failure(replyOf(wireFor(subject), 429, {})).retryAfter;
    return [
      ...waits
        .filter(([seconds, wait]) => wait !== seconds * 1000)
        .map(([seconds, wait]) => `retry-after: ${seconds} gives retryAfter ${show(wait)}`),
      ...(plain === undefined ? [] : [`without the header, retryAfter is ${show(plain)}`]),
    ];
  },
};

const failureCut = badAnswer("failure-cut", "A connection that breaks before there is output is a bad answer.", [
  { kind: "cut" },
  { kind: "cut-midway" },
]);

const failureEmpty = badAnswer("failure-empty", "A 200 without a byte, or without output, is a bad answer.", [
  { kind: "empty" },
  { kind: "no-output" },
]);

const failureGarbage = badAnswer("failure-garbage", "A 200 that is nothing of its wire is a bad answer.", [
  { kind: "garbage" },
]);

export const failureCases: readonly Case[] = [
  failureWhole,
  failureStreamed,
  failureCut,
  failureEmpty,
  failureGarbage,
  failureStatus,
  retryAfter,
];
