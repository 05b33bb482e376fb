import { describe, expect, test } from "vitest";
import { textWires } from "../pivot/types.ts";
import { readCorpus } from "./corpus.ts";
import { fuzzCase, fuzzModes } from "./fuzz-case.ts";

const runs = 1000;

describe.each(textWires)("malformed input on %s", (wire) => {
  const corpus = readCorpus(wire);

  test.each(fuzzModes)("is survived by the reader of a %s (node scripts/fuzz.ts tries more)", (mode) => {
    const failures: string[] = [];
    for (let seed = 1; seed <= runs; seed++) {
      try {
        fuzzCase(wire, mode, corpus, seed);
      } catch (error) {
        failures.push(`--wire ${wire} --mode ${mode} --case ${seed}: ${String(error)}`);
      }
    }
    expect(failures).toEqual([]);
  });
});
