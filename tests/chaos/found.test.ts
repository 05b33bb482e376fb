import { expect, it } from "vitest";
import { found } from "./found.ts";
import { violationIn } from "./invariants.ts";
import { play } from "./play.ts";

it.each(found)("$behaviour", async ({ scenario }) => {
  const played = await play(scenario);
  expect(played.sent.length).toBeGreaterThan(scenario.requests.length);
  expect(violationIn(played)).toBeUndefined();
});
