import type { Place } from "@headgate/core/provider";
import { wordOf } from "./answers.ts";
import { keyOf, type Sent } from "./backend.ts";
import { loserCancelled, oneInFlight } from "./in-flight.ts";
import { noneTooMany } from "./places.ts";
import type { Played } from "./play.ts";
import { originOf, secretOf } from "./plugin.ts";
import {
  first,
  grace,
  heard,
  type Invariant,
  perRequest,
  placeOf,
  providerOf,
  receiptOf,
  settingsOf,
  toldPlaceOf,
} from "./reading.ts";
import type { RequestPlan, Scenario } from "./scenario.ts";
import type { Settings } from "./settings.ts";

const euMembers = ["de"];

/** Read anew from the rule, not from the engine: each level allows a place, or the place is out. */
function isAllowed(place: Place, levels: readonly (readonly Place[] | undefined)[]): boolean {
  return levels.every((level) => {
    if (level === undefined) return true;
    if (place === "unknown") return false;
    return place === "local" || level.includes(place) || (euMembers.includes(place) && level.includes("eu"));
  });
}

function levelsOf(scenario: Settings, plan: RequestPlan, provider: string): readonly (readonly Place[] | undefined)[] {
  const row = scenario.providers.find(({ id }) => id === provider);
  const route = plan.model === "main" ? scenario.routeWithin : undefined;
  return [scenario.within, route, row?.within, row?.promise, plan.key, plan.within];
}

/** Regions that rows promised and could not keep, for this request, before an attempt: they bind whoever comes after. */
function boundBy(
  { sent, scenario }: Played,
  { request, attempt, beside }: Sent,
): readonly (readonly Place[] | undefined)[] {
  return sent
    .filter(
      (one) =>
        one.request === request &&
        one.attempt < attempt &&
        !beside.includes(one.attempt) &&
        kindOf(one, scenario) === "policy",
    )
    .map(({ provider }) => scenario.providers.find(({ id }) => id === provider)?.promise);
}

/** The failure that a backend named, before any output. */
function namedKind({ script, provider }: Sent, { providers }: Scenario): string | undefined {
  if (script.end !== "status" && script.end !== "inside") return undefined;
  // A plugin that breaks over a failure has named nothing: the host calls it a bad answer.
  return providers.find(({ id }) => id === provider)?.fault === "failure" ? "bad_answer" : script.kind;
}

/** Something narrows where its request may run; the row's own boundary, and what earlier ones have added, among it. */
const isBounded = (played: Played, { request }: Sent): boolean => receiptOf(played, request)?.within !== undefined;

/** It was taken first: one that had to wait for a place at its provider is sent behind the second. */
function isTakenBefore(played: Played, { request, provider }: Sent, other: Sent): boolean {
  const receipt = receiptOf(played, request);
  const turn = (name: string): number => receipt?.attempts.findIndex(({ ref }) => providerOf(ref) === name) ?? -1;
  return turn(provider) < turn(other.provider);
}

/** The same was asked before, for the same request. */
const isRepeat = ({ sent }: Played, { request, provider, attempt }: Sent): boolean =>
  sent.some((one) => one.request === request && one.provider === provider && one.attempt < attempt);

const planOf = ({ scenario: { requests } }: Played, sent: Sent): RequestPlan | undefined => requests[sent.request];

const sayable = new Set(["answers"]);

const wholeText = ({ attempt, script }: Sent): string =>
  Array.from({ length: script.pieces }, (_, piece) => wordOf(attempt, piece)).join("");

/** Kinds after which nobody else is asked, as the design's table says. */
const final: ReadonlySet<string> = new Set(["output_limit", "content_filtered", "refused"]);
/** Kinds after which the same may be asked again. */
const repeatable: ReadonlySet<string> = new Set(["overloaded", "rate_limited", "model_loading", "model_cold"]);
const once: ReadonlySet<string> = new Set(["bad_answer"]);
const mostRepeats = 2;

/** The failure that an attempt ends in, where the script leaves no choice. */
function kindOf(sent: Sent, scenario: Scenario): string | undefined {
  if (!sent.said) return undefined;
  if (sent.script.end === "empty" || sent.script.end === "garbage") return "bad_answer";
  if (sent.script.end === "refused" || sent.script.end === "dns" || sent.script.end === "tls") return "unreachable";
  return namedKind(sent, scenario);
}

/**
 * It was the loser of a hedge, or the other's failure ended the race: it may be asked in earnest after that. It may have
 * said the head of an answer by then.
 */
const isCutShort = (played: Played, one: Sent): boolean =>
  settingsOf(played, one.request).hedge !== undefined && one.cancelled && (!one.said || isTooLate(played, one));

const isTooLate = (played: Played, { request, provider, at }: Sent): boolean =>
  receiptOf(played, request)?.attempts.some(
    ({ ref, startedAt, outcome, message }) =>
      providerOf(ref) === provider && startedAt === at && outcome === "aborted" && message !== undefined,
  ) === true;

const isUnsent = (message: string | undefined): boolean =>
  message?.includes("exchanges at once are all it takes") === true;

/** Failures of a provider as a whole, or of its key. */
const providerWide: ReadonlySet<string> = new Set(["unreachable", "quota_exhausted", "unauthenticated", "forbidden"]);

export const invariants = {
  "1. no byte goes outside the boundary": (played) =>
    first(played.sent, (sent) => {
      const plan = planOf(played, sent);
      if (plan === undefined) return `${sent.url} was asked for nobody`;
      const place = placeOf(played.scenario, sent.provider);
      const levels = [...levelsOf(settingsOf(played, sent.request), plan, sent.provider), ...boundBy(played, sent)];
      if (!isAllowed(place, levels)) return `request ${sent.request} reached ${sent.provider} at ${place}`;
      const before = played.sent[sent.beside[0] ?? -1];
      if (before === undefined || isRepeat(played, sent) || isBounded(played, sent)) return undefined;
      // Where nobody has drawn a boundary, it is the first one's place that a second one beside it must keep to.
      const [one, second] = isTakenBefore(played, sent, before) ? [sent, before] : [before, sent];
      const own = toldPlaceOf(played.scenario, one.provider);
      const told = toldPlaceOf(played.scenario, second.provider);
      if (told === own || isAllowed(told, [[own]])) return undefined;
      return `request ${sent.request} reached ${second.provider} at ${told}, beside ${one.provider} at ${own}`;
    }),
  "2. no two models in one answer": perRequest((told) =>
    heard(told).length > 1 ? `words of attempts ${heard(told).join(" and ")}` : undefined,
  ),
  "3. one attempt in flight": oneInFlight,
  "the loser of a hedge is cancelled": loserCancelled,
  "no more at once than a provider takes": noneTooMany,
  "no place is lost": ({ lost }) => lost[0],
  "who begins under a config ends under it": (played) =>
    played.dropped ??
    first(played.sent, (sent) => {
      const row = settingsOf(played, sent.request).providers.find(({ id }) => id === sent.provider)?.row;
      const key = `Bearer ${secretOf(sent.provider, row)}`;
      return keyOf(sent) === key ? undefined : `attempt ${sent.attempt} was made with the key of another config`;
    }),
  "4. who leaves ends the upstream": (played) =>
    first([...played.told.entries()], ([index, { left, over }]) =>
      left !== undefined && (over === undefined || over > left + grace)
        ? `request ${index} was held ${over === undefined ? "for good" : `for ${over - left} ms`} after its client had left`
        : undefined,
    ) ??
    first(played.sent, (sent) => {
      const left = played.told[sent.request]?.left;
      if (left === undefined) return undefined;
      if (sent.late || sent.at > left + grace) return `attempt ${sent.attempt} began after the client had left`;
      return sent.over === undefined || sent.over > left + grace ? `attempt ${sent.attempt} went on` : undefined;
    }),
  "6. a failing model cools no healthy sibling": ({ receipts }) => {
    const failures = receipts
      .flatMap(({ attempts }) => attempts)
      // Whoever found no place was not asked, and its provider has done nothing.
      .filter(({ outcome, message }) => outcome !== "ok" && outcome !== "aborted" && !isUnsent(message));
    // Whoever has never failed in all of a run cannot have been cooled by anything of its own.
    const failed = new Set(failures.map(({ ref, outcome }) => (providerWide.has(outcome) ? providerOf(ref) : ref)));
    return first(receipts, ({ candidates }) => {
      const cooled = candidates.find(({ ref, skipped }) => {
        const isRested = skipped !== undefined && !/boundary|disabled|blocked|places are taken/.test(skipped);
        return isRested && !failed.has(ref) && !failed.has(providerOf(ref));
      });
      return cooled && `${cooled.ref} had not failed and was passed over: ${cooled.skipped}`;
    });
  },
  "the table of failures is followed": (played) =>
    first(played.sent, (one) => {
      const { sent, scenario } = played;
      const kind = kindOf(one, scenario);
      const later = sent.filter(
        ({ request, attempt, beside }) =>
          request === one.request && attempt > one.attempt && !beside.includes(one.attempt),
      );
      if (kind === undefined || later.length === 0) return undefined;
      if (final.has(kind)) return `request ${one.request} went on after ${kind}`;
      const again = later.filter((other) => other.provider === one.provider && !isCutShort(played, other));
      // Asked once more after a bad answer, and not after a second one; what comes in between has a rule of its own.
      if (once.has(kind) && again.filter((other) => kindOf(other, scenario) === kind).length > 1)
        return `${kind} thrice`;
      const most = once.has(kind) || repeatable.has(kind) ? mostRepeats : 0;
      return again.length > most ? `${one.provider} was asked ${again.length} times more after ${kind}` : undefined;
    }),
  "7. a broken answer is no success": perRequest((told, index, played) => {
    const { sent } = played;
    const [attempt] = heard(told);
    const source = attempt === undefined ? undefined : sent[attempt];
    const succeeded = told.clean && told.left === undefined;
    if (succeeded && (source === undefined || !sayable.has(source.script.end))) {
      return `it ended well, by an attempt that ${source?.script.end ?? "was never made"}`;
    }
    const receipt = receiptOf(played, index);
    if (receipt === undefined || told.left !== undefined) return undefined;
    return (receipt.outcome === "ok") === told.clean ? undefined : `its receipt says ${receipt.outcome}`;
  }),
  "8. nothing is lost": perRequest((told, index, { sent }) => {
    for (const one of sent) {
      if (one.request === index && !one.body.includes(`please #${index}#`)) return "the prompt is not what was sent";
    }
    const [attempt] = heard(told);
    const source = attempt === undefined ? undefined : sent[attempt];
    if (!told.clean || source === undefined) return undefined;
    return told.text === wholeText(source) ? undefined : `heard ${told.text} of ${wholeText(source)}`;
  }),
  "a stream keeps its wire's grammar": perRequest(({ ungrammatical }) => ungrammatical),
  "9. no secret where it does not belong": (played) => {
    const { providers } = played.scenario;
    const visible = JSON.stringify([played.receipts, played.told.map(({ headers, text }) => [headers, text])]);
    return (
      first(providers, ({ id }) => (visible.includes(secretOf(id)) ? `the key of ${id} was shown` : undefined)) ??
      first(played.sent, (sent) => {
        const text = JSON.stringify([sent.headers, sent.body]);
        if (!sent.url.startsWith(`${originOf(sent.provider)}/`)) return `${sent.url} is nobody's origin`;
        const foreign = providers.find(({ id }) => id !== sent.provider && text.includes(secretOf(id)));
        return foreign && `${sent.provider} was shown the key of ${foreign.id}`;
      })
    );
  },
  "10. a broken plugin breaks nothing else": (played) => {
    if (played.stuck.length > 0) return `requests ${played.stuck.join(", ")} were never answered`;
    return first(played.told, ({ thrown }) =>
      thrown === undefined ? undefined : `the engine threw ${String(thrown)}`,
    );
  },
  "11. fallback changes no config": ({ config: [before, after] }) =>
    before === after ? undefined : "the config is another than before",
  "12. who served is told": perRequest((told, index, { sent, receipts }) => {
    const id = told.headers["x-headgate-request-id"];
    const mine = receipts.filter((receipt) => receipt.id === id);
    if (told.status !== undefined && mine.length !== 1) return `it has ${mine.length} receipts`;
    const asked = sent.filter(({ request }) => request === index).map(({ provider }) => provider);
    const attempts = mine.flatMap((receipt) => receipt.attempts);
    const timesIn = (list: readonly string[], provider: string): number =>
      list.filter((one) => one === provider).length;
    const recorded = attempts.map(({ ref }) => providerOf(ref));
    const missing = asked.find((provider) => timesIn(recorded, provider) < timesIn(asked, provider));
    if (mine.length > 0 && missing !== undefined) return `${missing} was asked, and its receipt does not say so`;
    const good = attempts.filter(({ outcome }) => outcome === "ok");
    if (good.length > 1) return `${good.map(({ ref }) => ref).join(" and ")} both answered, says its receipt`;
    const [attempt] = heard(told);
    const provider = attempt === undefined ? undefined : sent[attempt]?.provider;
    if (provider === undefined) return undefined;
    const served = mine[0]?.served ?? told.headers["x-headgate-model"];
    return served?.startsWith(`${provider}/`) ? undefined : `${provider} spoke, ${served} is named`;
  }),
} satisfies Readonly<Record<string, Invariant>>;

/** A rule of {@link invariants} that a run broke, and how. */
export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

export function violationIn(played: Played): Violation | undefined {
  for (const [invariant, check] of Object.entries<Invariant>(invariants)) {
    const what = check(played);
    if (what !== undefined) return { invariant, what };
  }
  return undefined;
}
