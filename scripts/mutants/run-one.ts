// Runs the chaos simulator over the sources with one mutation: node run-one.ts NAME RUNS. Prints what was broken as JSON.
import { registerHooks } from "node:module";
import { mutants } from "./list.ts";

const [name, runs] = process.argv.slice(2);
const packages = new URL("../../packages/", import.meta.url);
const mutant = mutants.find((one) => one.name === name);
if (name !== "none" && mutant === undefined) throw new Error(`no mutant is called ${name}`);
const mutated = mutant && new URL(mutant.file, packages).href;

const sources = new Map([
  ["@headgate/core", "core/src/index.ts"],
  ["@headgate/core/provider", "core/src/provider/index.ts"],
  ["@headgate/wire", "wire/src/index.ts"],
]);

registerHooks({
  resolve: (specifier, context, next) => {
    const path = sources.get(specifier);
    return path === undefined ? next(specifier, context) : next(new URL(path, packages).href, context);
  },
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (mutant === undefined || url !== mutated) return loaded;
    const source = String(loaded.source);
    if (source.split(mutant.find).length !== 2) throw new Error(`${mutant.file} does not hold once: ${mutant.find}`);
    return { ...loaded, source: source.replace(mutant.find, () => mutant.instead) };
  },
});

const { runChaos } = await import("../../tests/chaos/chaos.ts");
const { found } = await import("../../tests/chaos/found.ts");
const { violationIn } = await import("../../tests/chaos/invariants.ts");
const { play } = await import("../../tests/chaos/play.ts");

/** What has broken a rule once is played first: some of it comes about once in thousands of runs. */
async function breakIt(): Promise<{ readonly made: number; readonly invariant?: string; readonly what?: string }> {
  for (const [index, { scenario }] of found.entries()) {
    const violation = violationIn(await play(scenario));
    if (violation !== undefined) return { made: index + 1, ...violation };
  }
  const { broken, runs: made } = await runChaos({ runs: Number(runs), seed: 1, shrinks: false });
  return { made: made + found.length, ...(broken && { invariant: broken.invariant, what: broken.what }) };
}

process.stdout.write(`${JSON.stringify(await breakIt())}\n`);
