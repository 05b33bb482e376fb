import { describe, expect, it } from "vitest";
import { placesText, tokensText } from "./print.ts";
import { printTable } from "./table.ts";
import { type Outlet, processTerminal, wantsColor } from "./terminal.ts";

describe("colours", () => {
  it.each([
    ["are used at a terminal", true, {}, true],
    ["are not used elsewhere", false, {}, false],
    ["are not used where NO_COLOR is set", true, { NO_COLOR: "1" }, false],
    ["are not used at a dumb terminal", true, { TERM: "dumb" }, false],
    ["are used elsewhere where FORCE_COLOR is set", false, { FORCE_COLOR: "1" }, true],
    ["are not used where both are set", true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("%s", (_, isTerminal, environment, wanted) => {
    expect(wantsColor(isTerminal, environment)).toBe(wanted);
  });
});

describe("a table", () => {
  it("stands in columns without borders, several lines in a cell included", () => {
    const lines: string[] = [];
    const { paint } = processTerminal().out;
    const outlet: Outlet = { line: (text = "") => lines.push(text), write: () => {}, isTerminal: false, paint };
    printTable(
      outlet,
      ["NAME", "STATE"],
      [
        ["one", "ready"],
        ["longer", "first\nsecond"],
      ],
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are not what is tested
    expect(lines.map((line) => line.replace(/\u001b\[\d+m/g, "").trimEnd())).toEqual([
      "NAME    STATE",
      "one     ready",
      "longer  first",
      "        second",
    ]);
  });
});

describe("numbers and places", () => {
  it.each([
    [undefined, "-"],
    [8192, "8Ki"],
    [196_608, "192Ki"],
    [128_000, "128k"],
    [1_000_000, "1M"],
    [12_345, "12345"],
  ])("say %s tokens as %s", (count, text) => expect(tokensText(count)).toBe(text));

  it("join places, and call none unknown", () => {
    expect([placesText(["us", "de"]), placesText([])]).toEqual(["us+de", "unknown"]);
  });
});
