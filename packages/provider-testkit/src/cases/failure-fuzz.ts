import type { FailedReply, Failure, Wire } from "@headgate/core";
import { failureTable } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { describeReply, replyOf, statuses } from "../odd/replies.ts";
import { mutationsOf, oddBodies, oddHeaders } from "../odd/values.ts";
import type { Subject } from "../subject.ts";
import { messageOf, show } from "../text.ts";

/** Errors as the commonest backends write them; each part is replaced by each odd value. */
const envelopes: readonly unknown[] = [
  { error: { message: "no", type: "invalid_request_error", code: "context_length_exceeded", param: "messages" } },
  { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" },
  { type: "response.failed", response: { error: { code: "server_error", message: "no" } } },
  { detail: [{ loc: ["body", "model"], msg: "field required" }] },
];

/** Replies from plausible to impossible. */
function* oddReplies(subject: Subject): Generator<FailedReply> {
  const wires = Object.keys(subject.make().wires) as Wire[];
  const [wire = "chat"] = wires;
  for (const body of oddBodies) for (const status of [200, 400, 429, 500]) yield replyOf(wire, status, body);
  for (const envelope of envelopes) for (const body of mutationsOf(envelope)) yield replyOf(wire, 400, body);
  for (const each of wires) {
    for (const status of statuses) yield replyOf(each, status, undefined);
    for (const envelope of envelopes) yield replyOf(each, 200, envelope, {}, "stream");
  }
  for (const headers of oddHeaders) for (const status of [200, 429, 503]) yield replyOf(wire, status, {}, headers);
}

/** Milliseconds of work for one reply: a pattern that runs longer on 64 KiB can be made to run for ever. */
const longest = 500;

/** Reads every odd reply, and judges what comes of it. */
function fuzz(
  subject: Subject,
  judge: (end: Readonly<{ failure?: Failure; thrown?: unknown; took: number }>) => Findings,
): Findings {
  const provider = subject.make();
  const findings = new Set<string>();
  for (const reply of oddReplies(subject)) {
    // Work, not time: a machine that is busy elsewhere says nothing against a plugin.
    const start = process.cpuUsage();
    const end = endOf(() => provider.failure(reply));
    const took = process.cpuUsage(start).user / 1000;
    for (const one of judge({ ...end, took })) findings.add(`${one}, at ${describeReply(reply)}`);
    if (findings.size >= 5 || took > longest) break;
  }
  return [...findings];
}

function endOf(act: () => Failure): { readonly failure: Failure } | { readonly thrown: unknown } {
  try {
    return { failure: act() };
  } catch (thrown) {
    return { thrown };
  }
}

const survives: Case = {
  id: "failure-survives",
  topic: "failures",
  reason: "`failure` reads anything, quickly, and never throws: proxies and crashes send what no backend documents.",
  run: (subject) =>
    fuzz(subject, ({ thrown, failure, took }) => [
      ...(thrown === undefined ? [] : [`it throws ${messageOf(thrown)}`]),
      ...(thrown === undefined && (typeof failure !== "object" || failure === null)
        ? [`it gives ${show(failure)}`]
        : []),
      ...(took > longest ? [`it takes ${Math.round(took)} ms`] : []),
    ]),
};

/** Judges what `failure` gives, whatever it was about. */
const judged = (id: string, reason: string, judge: (failure: Failure) => Findings): Case => ({
  id,
  topic: "failures",
  reason,
  run: (subject) =>
    fuzz(subject, ({ failure }) => (typeof failure === "object" && failure !== null ? judge(failure) : [])),
});

const kindListed = judged(
  "failure-kind",
  "The kind is one of the list, and not `aborted`: that a client has left, only the host knows.",
  ({ kind }) => {
    if (kind === "aborted") return ["it says aborted"];
    return typeof kind === "string" && Object.hasOwn(failureTable, kind) ? [] : [`there is no kind ${show(kind)}`];
  },
);

const longestMessage = 1000;

const messageShort = judged(
  "failure-message",
  "The message is a text for a client: never empty, at most a few hundred characters.",
  ({ message }) => {
    if (typeof message !== "string" || message.trim() === "") return [`message is ${show(message)}`];
    return message.length > longestMessage ? [`message has ${message.length} characters`] : [];
  },
);

const isCount = (value: unknown): boolean => value === undefined || (Number.isSafeInteger(value) && Number(value) > 0);

const numbersSound = judged(
  "failure-numbers",
  "`retryAfter` is a time to wait, `contextWindow` and `inputTokens` are whole numbers above 0, or they are absent.",
  ({ retryAfter, contextWindow, inputTokens }) => [
    ...(retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0)
      ? []
      : [`retryAfter is ${String(retryAfter)}`]),
    ...(isCount(contextWindow) ? [] : [`contextWindow is ${String(contextWindow)}`]),
    ...(isCount(inputTokens) ? [] : [`inputTokens is ${String(inputTokens)}`]),
  ],
);

const patchSound = judged(
  "failure-retry-with",
  "`retryWith` changes top-level keys: an object to set, a list of keys to remove.",
  ({ retryWith }) => {
    if (retryWith === undefined) return [];
    const { set = {}, unset = [] } = retryWith ?? { set: null };
    const isPatch =
      typeof set === "object" && set !== null && Array.isArray(unset) && unset.every((key) => typeof key === "string");
    return isPatch ? [] : [`retryWith is ${show(retryWith)}`];
  },
);

export const failureFuzzCases: readonly Case[] = [survives, kindListed, messageShort, numbersSound, patchSound];
