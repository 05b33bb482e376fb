import { describe, expect, it } from "vitest";
import { createCandidate } from "./candidate.ts";
import { admitNative } from "./operations/admit.ts";
import type { ModelFacts } from "./provider/index.ts";

interface Case {
  /** What the provider's row names. */
  readonly row?: readonly string[];
  /** What the model's row names. */
  readonly model?: ModelFacts["wires"];
  readonly preferred?: readonly string[];
}

const spoken = ["chat", "responses", "messages"];
const ref = { provider: "p", model: "m", text: "p/m" };

function candidateOf({ row, model, preferred }: Case) {
  const provider = {
    wires: Object.fromEntries(spoken.map((wire) => [wire, "exact"])),
    preferredWires: preferred,
    operations: ["count"],
    origins: [],
    places: () => ["local"],
  };
  const entry = {
    disabled: undefined,
    provider,
    row: { wires: row, models: [] },
    wires: new Map((row ?? spoken).map((wire) => [wire, "exact"])),
    models: new Map([["m", { id: "m", ...(model !== undefined && { wires: model }) }]]),
  };
  return createCandidate(ref, entry as never);
}

describe("the wires of a candidate", () => {
  it.each<[string, Case, readonly string[]]>([
    ["all of the provider's", {}, spoken],
    ["those that its plugin prefers, in that order", { preferred: ["messages", "chat"] }, ["messages", "chat"]],
    ["those of the row, whatever the plugin prefers", { row: ["responses"], preferred: ["chat"] }, ["responses"]],
    [
      "those of the model's row, whatever the plugin prefers",
      { model: ["messages"], preferred: ["chat"] },
      ["messages"],
    ],
    ["never more than the provider's row allows", { row: ["chat"], model: ["messages"] }, []],
  ])("are %s", (_, settings, wires) => {
    expect([...candidateOf(settings).wires.keys()]).toEqual(wires);
  });

  it.each<[string, Case, boolean]>([
    ["although the plugin prefers another for answers", { preferred: ["chat"] }, true],
    ["unless the row leaves it out", { row: ["chat"] }, false],
    ["unless the model's row does", { model: ["chat"] }, false],
  ])("count tokens on the one that has a form for it, %s", (_, settings, counts) => {
    const verdict = admitNative(candidateOf(settings), "count", "messages", undefined, {});
    expect("skipped" in verdict).toBe(!counts);
  });
});
