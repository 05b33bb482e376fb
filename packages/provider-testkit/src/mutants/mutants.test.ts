import { describe, expect, it } from "vitest";
import { cases } from "../cases/index.ts";
import { checkProvider } from "../check-provider.ts";
import { answerMutants } from "./answers.ts";
import { meridian } from "./backend.ts";
import { good } from "./base.ts";
import { borderMutants } from "./borders.ts";
import { discoveryMutants } from "./discovery.ts";
import { failureMutants } from "./failures.ts";
import { loadMutants } from "./loads.ts";
import type { Mutant } from "./mutant.ts";
import { purityMutants } from "./purity.ts";
import { shapeMutants } from "./shape.ts";

const mutants: readonly Mutant[] = [
  ...shapeMutants,
  ...purityMutants,
  ...answerMutants,
  ...failureMutants,
  ...borderMutants,
  ...discoveryMutants,
  ...loadMutants,
];

describe("the good plugin", () => {
  it.for([
    ["plainly", {}],
    ["in a region", { config: { baseUrl: "${baseUrl}", region: "eu" }, places: ["eu"] }],
  ] as const)("keeps every promise, %s", async ([, test]) => {
    const reports = await checkProvider({ plugin: good, backend: meridian, ...test });
    expect(reports.filter(({ kind }) => kind === "broken")).toEqual([]);
  });
});

describe("the mutants", () => {
  const caught = new Set<Mutant>();

  it.for(mutants.map((mutant) => [mutant.breaks, mutant.lie, mutant] as const))(
    "%s catches that %s",
    async ([breaks, , mutant]) => {
      const { plugin, test } = mutant;
      const [report] = await checkProvider({ plugin, backend: meridian, ...test }, { only: [breaks] });
      expect(report).toMatchObject({ id: breaks, kind: "broken" });
      caught.add(mutant);
    },
  );

  it("are enough, and all caught", () => {
    process.stdout.write(`${caught.size} of ${mutants.length} mutants caught\n`);
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    expect(caught.size).toBe(mutants.length);
  });

  it("are there for every case but those that the host keeps for everyone", () => {
    const known = new Set(cases.map(({ id }) => id));
    expect(mutants.filter(({ breaks }) => !known.has(breaks))).toEqual([]);
    const lied = new Set(mutants.map(({ breaks }) => breaks));
    const untested = cases.map(({ id }) => id).filter((id) => !lied.has(id));
    expect(untested).toEqual([
      "cancellation",
      "failure-cut",
      "failure-empty",
      "redirects-refused",
      "operations-undeclared",
    ]);
  });
});
