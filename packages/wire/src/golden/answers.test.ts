import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { Ledger } from "../pivot/ledger.ts";
import { context } from "../testing/exchange.ts";
import { formatJson } from "./format-json.ts";
import { expectGolden, listCases, readJsonCase, strayFiles } from "./golden-file.ts";
import { stagesOf, toLines } from "./translate-case.ts";

describe("a whole answer", () => {
  test.each(listCases("answer"))("$name goes from $from to $to", (one) => {
    const { name, from, to } = one;
    const events = stagesOf(name, from, to).pass(codecs[from].readAnswer(readJsonCase(from, name, "answer")));
    const ledger = new Ledger(from, to);
    const body = codecs[to].writeAnswer(events, { ...context(), ledger });
    expectGolden(one, "answer", `${formatJson({ ledger: toLines(ledger), body })}\n`);
  });

  test("has no expectation without a case", () => {
    expect(strayFiles("answer")).toEqual([]);
  });
});
