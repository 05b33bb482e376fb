import { toEffort } from "../pivot/effort.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, toBoolean, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotFormat, PivotReasoning } from "../pivot/types.ts";

const textKeys: KnownKeys = { carried: new Set(["format", "verbosity"]) };
const formatKeys: KnownKeys = { carried: new Set(["type", "name", "schema", "description", "strict"]) };
const reasoningKeys: KnownKeys = {
  carried: new Set(["effort", "summary", "generate_summary", "max_tokens"]),
  defaults: new Map([
    ["context", ["auto"]],
    ["mode", ["standard"]],
  ]),
};

/** What an answer may hold beside itself. All but log probabilities comes of hosted tools, or is given without asking. */
const includes: ReadonlySet<unknown> = new Set([
  "reasoning.encrypted_content",
  "message.output_text.logprobs",
  "message.input_image.image_url",
  "web_search_call.results",
  "web_search_call.action.sources",
  "file_search_call.results",
  "code_interpreter_call.outputs",
  "computer_call_output.output.image_url",
]);

/** `text`: the answer's form and length. */
export function readText(value: unknown, ledger: Ledger): { format?: PivotFormat; verbosity?: string } {
  const text = toObject(value) ?? {};
  dropRest(text, textKeys, "text.", ledger);
  return defined({ format: readFormat(toObject(text.format) ?? {}, ledger), verbosity: toText(text.verbosity) });
}

function readFormat(format: JsonObject, ledger: Ledger): PivotFormat | undefined {
  switch (format.type) {
    case undefined:
    case "text":
      return undefined;
    case "json_object":
      return { type: "json_object" };
    case "json_schema": {
      const schema = toObject(format.schema);
      if (schema === undefined) break;
      dropRest(format, formatKeys, "text.format.", ledger);
      return defined({
        type: "json_schema" as const,
        name: toText(format.name) ?? "response",
        schema,
        description: toText(format.description),
        strict: toBoolean(format.strict),
      });
    }
  }
  dropKind("text.format", format.type, ledger);
  return undefined;
}

/** `reasoning`: how hard to think, and what of it to show. */
export function readReasoning(value: unknown, ledger: Ledger): PivotReasoning | undefined {
  const given = toObject(value);
  if (given === undefined) return undefined;
  dropRest(given, reasoningKeys, "reasoning.", ledger);
  const effort = toEffort(given.effort);
  if (effort === undefined && toText(given.effort) !== undefined) {
    ledger.dropped("reasoning.effort", `no wire knows the effort ${JSON.stringify(given.effort)}`);
  }
  const reasoning = defined({
    effort,
    // OpenRouter's; no other server of this wire counts tokens.
    budgetTokens: toNumber(given.max_tokens),
    summary: toText(given.summary) ?? toText(given.generate_summary),
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

/** How many alternatives are wanted beside each token; `undefined` where no log probabilities are. */
export function readTopLogprobs(body: JsonObject, ledger: Ledger): number | undefined {
  const asked = toList(body.include);
  if (asked.some((entry) => !includes.has(entry))) ledger.dropped("include", `not carried to ${ledger.to}`);
  const count = toNumber(body.top_logprobs) ?? 0;
  return count > 0 || asked.includes("message.output_text.logprobs") ? count : undefined;
}
