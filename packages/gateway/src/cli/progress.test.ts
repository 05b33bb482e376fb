import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { barOf, showProgress } from "./progress.ts";

function outlet(isTerminal: boolean) {
  const said: string[] = [];
  return {
    said,
    isTerminal,
    line: (text = "") => said.push(`${text}\n`),
    write: (text: string) => said.push(text),
    paint: picocolors.createColors(false),
  };
}

describe("a bar", () => {
  it.each([
    [undefined, "…"],
    [0, `${"░".repeat(30)}   0 %`],
    [0.5, `${"█".repeat(15)}${"░".repeat(15)}  50 %`],
    [0.999, `${"█".repeat(30)}  99 %`],
    [1, `${"█".repeat(30)} 100 %`],
  ])("of %s is %s", (fraction, bar) => {
    expect(barOf(fraction)).toBe(bar);
  });
});

describe("progress", () => {
  it("is one line where nobody looks", () => {
    const { said, ...err } = outlet(false);
    const progress = showProgress(err, "Loading m");
    progress.to(0.5);
    progress.end();
    expect(said).toEqual(["Loading m …\n"]);
  });

  it("is a line that changes at a terminal, and leaves nothing behind", () => {
    const { said, ...err } = outlet(true);
    let now = 0;
    const progress = showProgress(err, "Loading m", () => now);
    now = 3400;
    progress.to(0.5);
    progress.to(undefined);
    progress.end();
    progress.to(1);
    progress.end();
    expect(said).toEqual([
      "\r\x1b[KLoading m … 0 s",
      `\r\x1b[KLoading m ${barOf(0.5)} 3 s`,
      `\r\x1b[KLoading m ${barOf(0.5)} 3 s`,
      "\r\x1b[K",
    ]);
  });
});
