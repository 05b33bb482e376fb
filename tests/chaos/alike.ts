import { type Played, play } from "./play.ts";
import type { End, RequestPlan, Scenario } from "./scenario.ts";

/** What happens after the first output has no counterpart in a whole answer. */
const late: ReadonlySet<End> = new Set(["cut-after", "stops-after", "error-after", "hangs-after"]);

/** The first request that can be asked in both modes, alone; nothing before it may have warmed or cooled anything. */
function alone(scenario: Scenario): Scenario | undefined {
  const request = scenario.requests.find(
    ({ leaves, scripts }) =>
      leaves === undefined && Object.values(scripts).every((list) => list.every(({ end }) => !late.has(end))),
  );
  if (request === undefined) return undefined;
  // A second one is asked when no output has come: of a stream the first word is one, of a whole answer the last.
  const { hedge, ...plain } = { ...scenario, requests: [request], reloads: [] };
  const isPaced = Object.values(request.scripts).some((list) => list.some(({ pace }) => pace > 0));
  return hedge === undefined || isPaced ? plain : { ...plain, hedge };
}

const inMode = (scenario: Scenario, stream: boolean): Scenario => ({
  ...scenario,
  requests: scenario.requests.map((request): RequestPlan => ({ ...request, stream })),
});

const decisions = ({ receipts }: Played): string =>
  JSON.stringify(
    receipts.map(({ attempts, candidates }) => [
      attempts.map(({ ref, outcome }) => `${ref}:${outcome}`),
      candidates.map(({ ref, skipped }) => [ref, skipped]),
    ]),
  );

/** The fifth rule: a stream and a whole answer are decided alike until the first output. Says how they differ. */
export async function differenceOfModes(scenario: Scenario): Promise<string | undefined> {
  const single = alone(scenario);
  if (single === undefined) return undefined;
  const streamed = decisions(await play(inMode(single, true)));
  const whole = decisions(await play(inMode(single, false)));
  return streamed === whole ? undefined : `streamed ${streamed}, whole ${whole}`;
}
