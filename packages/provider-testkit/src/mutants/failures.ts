import type { FailedReply, Failure } from "@headgate/core/provider";
import { failure } from "./base.ts";
import { type Mutant, ofProvider } from "./mutant.ts";

const reading = (breaks: string, lie: string, change: (read: Failure, reply: FailedReply) => object): Mutant =>
  ofProvider(breaks, lie, () => ({
    failure: (reply: FailedReply) => {
      const read = failure(reply);
      return { ...read, ...change(read, reply) };
    },
  }));

const instead = (breaks: string, lie: string, read: (reply: FailedReply) => unknown): Mutant =>
  ofProvider(breaks, lie, () => ({ failure: read }));

const bodyOf = (reply: FailedReply) =>
  reply.body as { readonly error: { readonly code: string; readonly message: string } };

/** Lies about what went wrong. */
export const failureMutants: readonly Mutant[] = [
  reading("failure-whole", "it takes spent credits for haste", ({ kind }) => ({
    kind: kind === "quota_exhausted" ? "rate_limited" : kind,
  })),
  reading("failure-whole", "it goes by the status alone", (_, { status }) =>
    failure({ status, body: {}, headers: {}, text: "" } as FailedReply),
  ),
  reading("failure-streamed", "it does not read errors in a stream", ({ kind }, { phase }) => ({
    kind: phase === "stream" ? "bad_answer" : kind,
  })),
  reading("failure-garbage", "it takes a page for a refusal", ({ kind }, { phase, body }) => ({
    kind: phase !== "status" && body === undefined ? "refused" : kind,
  })),
  reading("failure-status", "it takes a wrong key for a wrong request", ({ kind }, { status }) => ({
    kind: status === 401 ? "unsupported" : kind,
  })),
  reading("failure-status", "it blames the client for what it does not know", ({ kind }) => ({
    kind: kind === "unsupported" ? "invalid_request" : kind,
  })),
  reading("failure-status", "it takes a crash for a refusal", ({ kind }, { status }) => ({
    kind: status === 500 ? "content_filtered" : kind,
  })),
  reading("failure-retry-after", "it waits seconds for milliseconds", ({ retryAfter }) => ({
    retryAfter: retryAfter === undefined ? undefined : retryAfter / 1000,
  })),
  reading("failure-retry-after", "it always waits a second", ({ retryAfter = 1000 }) => ({ retryAfter })),
  reading("failure-retry-after", "it does not hear when to come back", () => ({ retryAfter: undefined })),
  instead("failure-survives", "it trusts that there is an error", (reply) => ({
    kind: bodyOf(reply).error.code === "no_credits" ? "quota_exhausted" : "bad_answer",
    message: "no",
  })),
  instead("failure-survives", "it parses the text again", (reply) => ({
    ...failure(reply),
    ...JSON.parse(reply.text),
  })),
  instead("failure-survives", "it says nothing of what it does not know", (reply) =>
    reply.status === 200 ? undefined : failure(reply),
  ),
  reading("failure-survives", "it takes its time with long texts", (_, { text }) => {
    if (text.length > 60_000) work(600);
    return {};
  }),
  reading("failure-kind", "it has a kind of its own", ({ kind }) => ({
    kind: kind === "rate_limited" ? "too_fast" : kind,
  })),
  reading("failure-kind", "it says that the client left", ({ kind }, { status }) => ({
    kind: status === 499 ? "aborted" : kind,
  })),
  reading("failure-message", "it has no words", (_, { body }) => ({
    message: (body as { readonly error?: { readonly message?: unknown } } | undefined)?.error?.message ?? "",
  })),
  reading("failure-message", "it tells everything", (_, { text, status }) => ({
    message: text.trim() || `status ${status}`,
  })),
  reading("failure-numbers", "it waits for ever", (_, { headers }) => ({
    ...("retry-after" in headers && { retryAfter: Number(headers["retry-after"]) * 1000 }),
  })),
  reading("failure-numbers", "it guesses windows", ({ message }) => ({
    contextWindow: Number(/\d+/.exec(message)?.[0]) - 1000,
  })),
  reading("failure-retry-with", "it removes by a text", ({ kind }) => ({
    ...(kind === "unsupported" && { retryWith: { unset: "temperature" } }),
  })),
];

/** Milliseconds of work: on a machine that is busy elsewhere, time alone would pass without it. */
function work(milliseconds: number): void {
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < milliseconds * 1000) "word ".repeat(10_000).split(" ");
}
