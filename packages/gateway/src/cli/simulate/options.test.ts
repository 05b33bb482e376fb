import { troubleWords } from "@headgate/core";
import { expect, it } from "vitest";
import { simulationHelp, wantsSimulation } from "./options.ts";

it.each(troubleWords)("the help says that --fail takes %s", (word) => {
  expect(simulationHelp).toMatch(new RegExp(`\\b${word}\\b`));
});

it("a boundary alone simulates nothing, and any of the options does", () => {
  expect(wantsSimulation({})).toBe(false);
  for (const options of [{ fail: [] }, { cold: [] }, { tokens: 1 }, { wire: "chat" }, { stream: true }] as const) {
    expect(wantsSimulation(options)).toBe(true);
  }
});
