import type { JsonObject } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import { type Overflow, overflowText } from "../admit/fit.ts";
import { decodeText, parseLoose } from "../run/read-reply.ts";
import type { Run } from "../run/run.ts";
import { startRecord } from "../run/visit.ts";
import { admitCount, countBy } from "./count.ts";

/** Milliseconds for a count before an answer: the backend's own word on an overflow comes about as soon. */
const patience = 2000;

/** What of a Messages body is counted; Anthropic refuses a count that holds more. */
const counted = ["model", "messages", "system", "tools", "tool_choice", "thinking"] as const;

/**
 * Has an input counted by the backend that is to answer it, so that it goes nowhere it may not go anyway. Why it does not
 * fit; `undefined` where it does, or nobody knows: counts are for clients of Messages, or of any wire where a backend counts
 * on chat; it may answer on another one.
 */
export function measure(
  run: Run,
  { candidate, within, places }: Pick<Admitted, "candidate" | "within" | "places">,
  { contextWindow }: Overflow,
): Promise<Skipped | undefined> | undefined {
  const counter = admitCount(run, candidate, within, false);
  if ("skipped" in counter) return undefined;
  return count(run, counter).then((inputTokens) => {
    if (inputTokens === undefined || inputTokens <= contextWindow) return undefined;
    const overflow = { inputTokens, contextWindow };
    return { skipped: overflowText(overflow, "counted"), kind: "context_overflow", places, overflow };
  });
}

/** Beside the request: neither its receipt nor its answer knows of it. */
async function count(run: Run, counter: Admitted): Promise<number | undefined> {
  const { inbound, receipt } = run;
  const json = inbound.wire === "messages" ? onlyCounted(inbound.json) : inbound.json;
  const aside: Run = {
    ...run,
    strict: false,
    inbound: {
      ...inbound,
      operation: "count",
      json,
      text: json === inbound.json ? inbound.text : JSON.stringify(json),
    },
    receipt: { ...receipt, stream: false, candidates: [], attempts: [], losses: [], warnings: [] },
  };
  const result = await countBy(aside, counter, startRecord(aside, counter), patience);
  if (!result.ok || result.answer.kind !== "whole") return undefined;
  const { body } = result.answer;
  const { input_tokens: tokens } = parseLoose(typeof body === "string" ? body : decodeText(body)) as JsonObject;
  return typeof tokens === "number" ? tokens : undefined;
}

const onlyCounted = (json: JsonObject): JsonObject =>
  Object.fromEntries(counted.filter((key) => Object.hasOwn(json, key)).map((key) => [key, json[key]]));
