import { first, grace, heard, type Invariant, perRequest, providerOf, receiptOf, settingsOf } from "./reading.ts";

/** Names that stand for a route which hedges, where the scenario does. */
const hedgedNames: ReadonlySet<string | undefined> = new Set(["main", "other"]);

/** One at a time; on a route that hedges two, the second when the first has been silent for that long. */
export const oneInFlight: Invariant = (played) =>
  first(played.sent, (one) => {
    const { beside } = one;
    const other = played.sent[beside[0] ?? -1];
    if (other === undefined) return undefined;
    const { hedge } = settingsOf(played, one.request);
    const plan = played.told[one.request]?.plan;
    const both = `attempts ${beside.join(", ")} and ${one.attempt}`;
    if (hedge === undefined || !hedgedNames.has(plan?.model)) return `${both} of request ${one.request} ran at once`;
    if (beside.length > 1) return `${both} of request ${one.request}: more than two at once`;
    if (other.provider === one.provider) return `${both} of request ${one.request} ran at once at one provider`;
    const receipt = receiptOf(played, one.request);
    const begun = (provider: string): number | undefined =>
      receipt?.attempts.find(({ ref }) => providerOf(ref) === provider)?.startedAt;
    // Either may ask its own again, so it is their first attempts that are that far apart.
    const apart = Math.abs((begun(one.provider) ?? 0) - (begun(other.provider) ?? 0));
    return receipt !== undefined && apart < hedge
      ? `${both} of request ${one.request}: the second came after ${apart} ms, and not ${hedge}`
      : undefined;
  });

/** The first word is heard when it is said, and whoever else was asked is over by then: nobody waits for a loser. */
export const loserCancelled: Invariant = perRequest((told, index, { sent }) => {
  const winner = sent[heard(told)[0] ?? -1];
  const at = told.heard;
  if (winner === undefined || at === undefined) return undefined;
  const loser = sent.find(
    (one) => one.request === index && one !== winner && (one.over === undefined || one.over > at),
  );
  if (loser !== undefined) return `attempt ${loser.attempt} went on while ${winner.attempt} was being heard`;
  const wait = at - (winner.spoke ?? at);
  return wait > grace ? `attempt ${winner.attempt} was heard ${wait} ms after it had spoken` : undefined;
});
