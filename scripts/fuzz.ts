// Feeds malformed bodies and streams to the readers of every wire: node scripts/fuzz.ts [--runs 1000000] [--wire chat].
import { parseArgs } from "node:util";
import { readCorpus } from "../packages/wire/src/fuzz/corpus.ts";
import { type FuzzMode, fuzzCase, fuzzModes } from "../packages/wire/src/fuzz/fuzz-case.ts";
import { type TextWire, textWires } from "../packages/wire/src/pivot/types.ts";

const help = `Looks for input that a reader does not survive: a throw, a hang, an answer without an end.

  node scripts/fuzz.ts [options]

  --runs N      malformed inputs for each reader (default 10000)
  --wire NAME   ${textWires.join(", ")} (default all)
  --mode NAME   ${fuzzModes.join(", ")} (default all)
  --seed N      the first case is number N (default 1)
  --case N      that case alone, with its stack
`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    wire: { type: "string" },
    mode: { type: "string" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** Longest that one case may take, and most memory that all may. */
const maxMilliseconds = 2000;
const maxMemory = 1024 ** 3;

interface Finding {
  count: number;
  readonly seed: number;
}

function fuzzReader(wire: TextWire, mode: FuzzMode, first: number, runs: number): boolean {
  const corpus = readCorpus(wire);
  const findings = new Map<string, Finding>();
  let slowest = 0;
  const note = (what: string, seed: number): void => {
    const known = findings.get(what);
    if (known === undefined) findings.set(what, { count: 1, seed });
    else known.count++;
  };
  const begin = performance.now();
  for (let seed = first; seed < first + runs; seed++) {
    const start = performance.now();
    try {
      fuzzCase(wire, mode, corpus, seed);
    } catch (error) {
      note(String(error).replace(/\d+/g, "N"), seed);
    }
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (took > maxMilliseconds) note("took too long", seed);
  }
  const { maxRSS } = process.resourceUsage();
  const memory = maxRSS * 1024;
  if (memory > maxMemory) note("took too much memory", first + runs - 1);
  const seconds = (performance.now() - begin) / 1000;
  const found = [...findings].map(
    ([what, { count, seed }]) => `  ${count} x ${what} (--wire ${wire} --mode ${mode} --case ${seed})`,
  );
  console.log(
    `${wire} ${mode}: ${runs} cases in ${seconds.toFixed(1)} s, slowest ${slowest.toFixed(1)} ms, ` +
      `at most ${Math.round(memory / 2 ** 20)} MiB, ${findings.size} findings`,
  );
  for (const line of found) console.log(line);
  return findings.size === 0;
}

function choose<Name extends string>(names: readonly Name[], wanted: string | undefined): readonly Name[] {
  if (wanted === undefined) return names;
  const chosen = names.filter((name) => name === wanted);
  if (chosen.length === 0) throw new Error(`${wanted} is none of ${names.join(", ")}.`);
  return chosen;
}

if (values.help) console.log(help);
else {
  const wires = choose(textWires, values.wire);
  const modes = choose(fuzzModes, values.mode);
  for (const wire of wires) {
    for (const mode of modes) {
      if (values.case !== undefined) fuzzCase(wire, mode, readCorpus(wire), Number(values.case));
      else if (!fuzzReader(wire, mode, Number(values.seed), Number(values.runs))) process.exitCode = 1;
    }
  }
}
