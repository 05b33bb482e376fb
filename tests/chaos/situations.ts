import type { Receipt } from "@headgate/core";
import type { Sent } from "./backend.ts";
import type { Told } from "./client.ts";
import type { Played } from "./play.ts";
import { heard, receiptOf } from "./reading.ts";

type AttemptRecord = Receipt["attempts"][number];
type CandidateRecord = Receipt["candidates"][number];

/** What a request was in, beside failures. */
interface Lived {
  readonly told: Told;
  /** What was sent for it. */
  readonly sent: readonly Sent[];
  /** Whose words its client heard. */
  readonly winner: Sent | undefined;
  readonly played: Played;
  readonly attempts: readonly AttemptRecord[];
  readonly candidates: readonly CandidateRecord[];
}

const says =
  (words: string) =>
  ({ message }: AttemptRecord): boolean =>
    message?.includes(words) === true;

/** When it began to wait, an answer of an earlier config was going on there. */
const isHeldBefore = ({ sent, told }: Played, version: number, { ref, startedAt }: AttemptRecord): boolean =>
  sent.some(
    ({ provider, request, at, over = at }) =>
      ref.startsWith(`${provider}/`) && at < startedAt && over > startedAt && (told[request]?.version ?? 0) < version,
  );

/** What runs must come into, so that their rules have something to hold for. */
const situations = {
  "a second one, asked beside the first, answers": ({ winner }) => winner !== undefined && winner.beside.length > 0,
  "the first one answers, beside a second": ({ winner, sent }) =>
    winner !== undefined && sent.some(({ beside }) => beside.includes(winner.attempt)),
  "two at once, and both fail": ({ winner, sent, told }) =>
    winner === undefined && told.left === undefined && sent.some(({ beside }) => beside.length > 0),
  "a failure ends the race of two": ({ attempts }) => attempts.some(says("who may be asked after")),
  "a client leaves two": ({ told, sent }) =>
    told.left !== undefined && sent.filter(({ over, cancelled }) => cancelled && over === told.left).length > 1,
  "one waits for a place, and gets it": ({ attempts }) =>
    attempts.some((one) => one.queued !== undefined && one.outcome !== "aborted" && !says("all it takes")(one)),
  "one waits too long for a place": ({ attempts }) => attempts.some(says("no place within")),
  "a reload comes while one is answered": ({ told, played: { reloads } }) =>
    reloads.some((at) => at > told.at && told.over !== undefined && at < told.over),
  "one is asked by a config that serves no more": ({ told, sent, played: { reloads } }) =>
    sent.some(({ at }) => at > (reloads[told.version] ?? Number.POSITIVE_INFINITY)),
  "one begins under a later config": ({ told }) => told.version > 0,
  "one waits for a place that an earlier config's answer holds": ({ told, attempts, played }) =>
    told.version > 0 && attempts.some((one) => one.queued !== undefined && isHeldBefore(played, told.version, one)),
  "one finds a full queue": ({ attempts }) => attempts.some(says("requests wait already")),
  "one is passed over, since another has room": ({ candidates }) =>
    candidates.some(({ skipped }) => skipped?.includes("places are taken") === true),
  "a client leaves while it waits for a place": ({ told, attempts }) =>
    attempts.some(({ startedAt, queued = -1 }) => startedAt + queued === told.left),
} satisfies Readonly<Record<string, (lived: Lived) => boolean>>;

const modes = ["streamed", "whole"] as const;

/** Every situation in both modes. */
export const allSituations: readonly string[] = Object.keys(situations).flatMap((name) =>
  modes.map((mode) => `${name}, ${mode}`),
);

/** Those that the requests of a run were in. */
export function situationsOf(played: Played): string[] {
  return played.told.flatMap((told, index) => {
    const sent = played.sent.filter(({ request }) => request === index);
    const receipt = receiptOf(played, index);
    const { attempts = [], candidates = [] } = receipt ?? {};
    const lived: Lived = { played, told, sent, winner: played.sent[heard(told)[0] ?? -1], attempts, candidates };
    return Object.entries<(lived: Lived) => boolean>(situations)
      .filter(([, isIn]) => isIn(lived))
      .map(([name]) => `${name}, ${told.plan.stream ? "streamed" : "whole"}`);
  });
}
