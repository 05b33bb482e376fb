import type { Operation } from "@headgate/core";
import type { Case } from "../case.ts";
import { posted, withBench } from "../host/bench.ts";
import { failedBecause } from "./answers.ts";
import { operationQuestion } from "./borders.ts";

/** What can be asked for beside answers and compaction, which the host can do by itself. */
const beside: readonly Operation[] = ["count", "embed", "complete"];

const operationsServed: Case = {
  id: "operations-served",
  topic: "operations",
  reason: "Every declared operation is answered by the backend: a count is counted, not estimated.",
  spares: (subject) =>
    (subject.make().operations ?? []).some((name) => !subject.backend.unknown.includes(name))
      ? undefined
      : "the plugin declares no operation that this backend knows",
  run: async (subject) => {
    const declared = subject.make().operations ?? [];
    const findings: string[] = [];
    for (const operation of declared.filter((name) => name !== "generate" && !subject.backend.unknown.includes(name))) {
      await withBench(subject, {}, async (bench) => {
        bench.backend.say({ text: "and they lived." });
        const answered = await bench.ask(operationQuestion(operation));
        const { attempt, headers } = answered;
        const estimated = headers.get("x-headgate-estimated") !== null;
        const fault = estimated
          ? `estimated: ${attempt?.outcome ?? "nobody asked"} ${attempt?.message ?? ""}`
          : (failedBecause(answered) ?? (attempt === undefined ? "the backend was not asked" : undefined));
        if (fault !== undefined) findings.push(`${operation}: ${fault}`);
      });
    }
    return findings;
  },
};

const operationsUndeclared: Case = {
  id: "operations-undeclared",
  topic: "operations",
  reason: "What is not declared is not asked for: the host refuses it, or estimates, and sends nothing.",
  run: (subject) =>
    withBench(subject, {}, async (bench) => {
      const declared = new Set(bench.provider.operations);
      const findings: string[] = [];
      for (const operation of beside.filter((name) => !declared.has(name))) {
        const before = posted(bench);
        const { status, receipt } = await bench.ask(operationQuestion(operation));
        if (posted(bench) > before) findings.push(`${operation} is sent`);
        else if (status === 200 && receipt.losses.length === 0) findings.push(`${operation} is answered by nobody`);
      }
      return findings;
    }),
};

export const operationCases: readonly Case[] = [operationsServed, operationsUndeclared];
