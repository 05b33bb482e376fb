import type { JsonObject } from "@headgate/wire";
import { badRequest, type Refusal, shown } from "./refusal.ts";

const typeOf = ({ type }: JsonObject): string => (typeof type === "string" ? type : "");

/**
 * Refuses the output of a call that was never made. Outputs whose ids fit no call are let through as long as enough calls
 * wait for one, since some clients rewrite ids; and all are after a compaction, which the calls may have gone into.
 *
 * @param items - A conversation that is known from its beginning.
 * @param own - Those of its items that are new.
 */
export function refuseStrayOutput(items: readonly JsonObject[], own: readonly JsonObject[]): Refusal | undefined {
  if (items.some((item) => typeOf(item) === "compaction")) return undefined;
  const calls = new Set(items.filter((item) => typeOf(item).endsWith("_call")).map(callIdOf));
  const strays = own.filter(isOutput).filter((item) => !calls.has(callIdOf(item)));
  for (const item of items) if (isOutput(item)) calls.delete(callIdOf(item));
  if (strays.length <= calls.size) return undefined;
  const id = shown(String(callIdOf(strays.at(-1) ?? {})));
  return badRequest("input", `No tool call found for the output of call '${id}'.`);
}

const callIdOf = ({ call_id: id }: JsonObject): unknown => id;

const isOutput = (item: JsonObject): boolean =>
  (typeOf(item) === "function_call_output" || typeOf(item) === "custom_tool_call_output") &&
  callIdOf(item) !== undefined;
