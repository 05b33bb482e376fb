import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createChaosClock } from "./clock.ts";
import { violationIn } from "./invariants.ts";
import { type Played, play } from "./play.ts";
import { generate, type Scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";

const runs = 20_000;
const script = fileURLToPath(new URL("../../scripts/chaos.ts", import.meta.url));
const run = promisify(execFile);

interface Covered {
  readonly seen: number;
  readonly total: number;
}

interface Printed {
  readonly runs: number;
  readonly coverage: { readonly failures: Covered; readonly situations: Covered };
  readonly broken?: unknown;
}

describe("whole runs on virtual time", () => {
  it(`keep every invariant, ${runs} times, through every failure in every phase, wire and mode, and every situation`, async () => {
    const { stdout } = await run(process.execPath, [script, "--runs", String(runs), "--json"]);
    const { broken, coverage, ...result } = JSON.parse(stdout) as Printed;
    expect(broken).toBeUndefined();
    expect(result.runs).toBe(runs);
    for (const { seen, total } of Object.values(coverage)) expect(seen).toBe(total);
  }, 240_000);

  it("are the same for the same seed", async () => {
    const [one, other] = [await play(generate(7)), await play(generate(7))];
    const plain = ({ told, sent }: Played): string =>
      JSON.stringify([told.map(({ text, status }) => [text, status]), sent]);
    expect(plain(one)).toBe(plain(other));
    expect(one.sent.length).toBeGreaterThan(0);
  });

  it("ring alarms by their time, those of one moment in order, and none that was switched off", () => {
    const clock = createChaosClock();
    const rung: string[] = [];
    clock.after(20, () => rung.push("late"));
    clock.after(10, () => rung.push("first"));
    clock.after(10, () => rung.push("second"));
    clock.after(15, () => rung.push("off"))();
    while (clock.step());
    expect(rung).toEqual(["first", "second", "late"]);
  });

  it("shrink to what still breaks", async () => {
    const breaks = async ({ requests }: Scenario): Promise<boolean> => requests.some(({ stream }) => stream);
    const start = [1, 2, 3, 4, 5].map(generate).find(({ requests }) => requests.length > 3);
    if (start === undefined) throw new Error("no scenario is large enough");
    const small = await shrink({ ...start, requests: start.requests.map((one) => ({ ...one, stream: true })) }, breaks);
    expect(small.requests).toHaveLength(1);
    expect(small.requests[0]).toMatchObject({ stream: true, wait: 0 });
  });
});

/** A run in which all went well, to be spoilt. */
async function goodRun(): Promise<Played> {
  for (let seed = 1; ; seed++) {
    const played = await play(generate(seed));
    const isPlain =
      played.scenario.hedge === undefined &&
      played.scenario.reloads.length === 0 &&
      played.told.every(({ clean, left }) => clean && left === undefined);
    if (isPlain && played.sent.length >= 2 && played.receipts.length >= 2) return played;
  }
}

/** Within every boundary, so that it is the rule in question and no earlier one that breaks. */
const insideEverywhere = (played: Played): Played => ({
  ...played,
  scenario: { ...played.scenario, providers: played.scenario.providers.map((one) => ({ ...one, place: "local" })) },
});

describe("the checks of a run", () => {
  const spoil = (what: string, change: (played: Played) => Played) => ({ what, change });

  it.each([
    spoil("1.", (played) => ({
      ...played,
      scenario: {
        ...played.scenario,
        within: [],
        providers: played.scenario.providers.map((one) => ({ ...one, place: "us" })),
      },
    })),
    spoil("2.", (played) => ({ ...played, told: played.told.map((one) => ({ ...one, text: "<0.0><1.0>" })) })),
    spoil("3.", (played) => ({
      ...insideEverywhere(played),
      sent: played.sent.map((one) => ({ ...one, request: 0, beside: one.attempt > 0 ? [0] : [] })),
    })),
    spoil("the loser of a hedge", (played) => ({
      ...insideEverywhere(played),
      sent: played.sent.map((one) => ({ ...one, request: 0, over: undefined })),
    })),
    spoil("no more at once", (played) => ({
      ...played,
      scenario: {
        ...played.scenario,
        providers: played.scenario.providers.map((one) => ({ ...one, concurrency: { max: 1, queue: 0, wait: 1 } })),
      },
      sent: played.sent.map((one) => ({ ...one, crowd: 1 })),
    })),
    spoil("no more at once", (played) => ({ ...played, crowded: "2 of 1" })),
    spoil("no place is lost", (played) => ({ ...played, lost: ["1 place"] })),
    spoil("who begins", (played) => ({ ...played, dropped: "config 0 was given up" })),
    spoil("who begins", (played) => ({
      ...played,
      sent: played.sent.map((one) => ({ ...one, headers: { authorization: "Bearer another" } })),
    })),
    spoil("4.", (played) => ({ ...played, told: played.told.map((one) => ({ ...one, left: 0 })) })),
    spoil("6.", (played) => ({
      ...played,
      receipts: played.receipts.map((one) => ({
        ...one,
        attempts: [],
        candidates: [{ ref: "p0/a", places: [], skipped: "it rests" }],
      })),
    })),
    spoil("7.", (played) => ({ ...played, told: played.told.map((one) => ({ ...one, text: "" })) })),
    spoil("8.", (played) => ({ ...played, sent: played.sent.map((one) => ({ ...one, body: "{}" })) })),
    spoil("a stream keeps", (played) => ({
      ...played,
      told: played.told.map((one) => ({ ...one, ungrammatical: "event 0: is an error" })),
    })),
    spoil("9.", (played) => ({
      ...played,
      told: played.told.map((one) => ({ ...one, headers: { ...one.headers, "x-key": "sk-secret-of-p0" } })),
    })),
    spoil("10.", (played) => ({ ...played, stuck: [0] })),
    spoil("11.", (played) => ({ ...played, config: ["a", "b"] as const })),
    spoil("12.", (played) => ({ ...played, receipts: [] })),
  ])("find what breaks rule $what", async ({ what, change }) => {
    const played = await goodRun();
    expect(violationIn(played)).toBeUndefined();
    expect(violationIn(change(played))?.invariant).toMatch(new RegExp(`^${what.replace(".", "\\.")}`));
  });
});
