import { toEffort } from "../pivot/effort.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotFormat, PivotReasoning } from "../pivot/types.ts";
import { isStrictSchema } from "./strict-schema.ts";

const thinkingKeys: KnownKeys = { carried: new Set(["type", "budget_tokens", "display"]) };
const outputKeys: KnownKeys = { carried: new Set(["effort", "format"]) };

const modes = ["adaptive", "enabled", "disabled", "between_tools"] as const;

const summaries = new Map<unknown, string>([
  ["summarized", "auto"],
  ["omitted", "omitted"],
]);

/** The wish for reasoning: `thinking`, and the effort beside it. */
export function readMessagesReasoning(body: JsonObject, ledger: Ledger): PivotReasoning | undefined {
  const thinking = toObject(body.thinking) ?? {};
  const output = toObject(body.output_config) ?? {};
  dropRest(thinking, thinkingKeys, "thinking.", ledger);
  dropRest(output, outputKeys, "output_config.", ledger);
  const mode = modes.find((one) => one === thinking.type);
  if (mode === undefined && thinking.type !== undefined) {
    ledger.dropped("thinking", `unknown to Headgate: ${String(thinking.type)}`);
  }
  const effort = toEffort(output.effort);
  if (effort === undefined && toText(output.effort) !== undefined) {
    ledger.dropped("output_config.effort", "no effort of a known name");
  }
  const reasoning = defined({
    effort,
    budgetTokens: toNumber(thinking.budget_tokens),
    mode,
    summary: summaries.get(thinking.display),
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

/** The answer's form, where today's clients put it or where those of the beta did. */
export function readMessagesFormat(body: JsonObject, ledger: Ledger): PivotFormat | undefined {
  const current = toObject(toObject(body.output_config)?.format);
  const format = current ?? toObject(body.output_format);
  if (format === undefined) return undefined;
  const schema = toObject(format.schema);
  if (format.type === "json_schema" && schema !== undefined) {
    return { type: "json_schema", name: "output", schema, ...(isStrictSchema(schema) ? { strict: true } : {}) };
  }
  ledger.dropped(current === undefined ? "output_format" : "output_config.format", "no form with a schema");
  return undefined;
}

const tiers = new Map<unknown, string>([
  ["auto", "auto"],
  ["standard_only", "default"],
]);

export function readServiceTier(value: unknown, ledger: Ledger): string | undefined {
  const tier = tiers.get(value);
  if (tier === undefined && value !== undefined && value !== null) {
    ledger.dropped("service_tier", "no tier of a known name");
  }
  return tier;
}
