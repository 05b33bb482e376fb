import type { Ledger } from "./ledger.ts";
import { dropRest, type KnownKeys } from "./rest.ts";
import { defined, toBoolean, toObject, toText } from "./shape.ts";
import type { JsonObject, PivotTool, PivotToolChoice } from "./types.ts";

/** A tool choice, and the only tools it allows where it names some. */
export interface ReadToolChoice {
  readonly choice?: PivotToolChoice;
  readonly allowed?: ReadonlySet<string>;
}

/** Reads a function tool out of the object that holds its fields. */
export function readFunctionTool(details: JsonObject, known: KnownKeys, path: string, ledger: Ledger): PivotTool {
  dropRest(details, known, path, ledger);
  return defined({
    type: "function" as const,
    name: toText(details.name) ?? "",
    description: toText(details.description),
    parameters: toObject(details.parameters ?? details.input_schema),
    strict: toBoolean(details.strict),
  });
}

/** Reads the choices that are spelled by one word on both OpenAI wires. */
export function readChoiceWord(value: unknown): PivotToolChoice | undefined {
  return value === "auto" || value === "none" || value === "required" ? value : undefined;
}

/** `allowed_tools`: the others are left out, which says the same to any backend. */
export function readAllowedTools(
  mode: unknown,
  names: readonly (string | undefined)[],
  ledger: Ledger,
): ReadToolChoice {
  ledger.changed("tool_choice.allowed_tools", "only the allowed tools are sent");
  const allowed = new Set(names.filter((name) => name !== undefined));
  return { choice: readChoiceWord(mode) ?? "auto", allowed };
}
