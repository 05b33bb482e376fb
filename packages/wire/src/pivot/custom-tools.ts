import type { Ledger } from "./ledger.ts";
import { isObject, toText } from "./shape.ts";
import { customInput } from "./tool-names.ts";
import type { JsonObject, PivotTool } from "./types.ts";

type FunctionTool = Extract<PivotTool, { type: "function" }>;

/** A tool as a function, for a backend that knows no other kind: a custom tool takes its text as one argument. */
export function asFunctionTool(tool: PivotTool, ledger: Ledger): FunctionTool {
  if (tool.type === "function") return tool;
  ledger.changed("tools[].custom", "sent as a function of one text, its grammar is told and not enforced");
  const { format, ...common } = tool;
  return {
    ...common,
    type: "function",
    parameters: {
      type: "object",
      properties: { [customInput]: { type: "string", description: describeFormat(format) } },
      required: [customInput],
      additionalProperties: false,
    },
  };
}

/** Arguments of a custom call, as the function that stands in for it takes them. */
export const asFunctionArguments = (input: string): string => JSON.stringify({ [customInput]: input });

function describeFormat(format: JsonObject | undefined): string {
  const grammar = isObject(format?.grammar) ? format.grammar : format;
  const definition = toText(grammar?.definition);
  if (definition === undefined) return "The tool's whole input, as plain text.";
  return `The tool's whole input, as plain text that follows this ${toText(grammar?.syntax) ?? ""} grammar:\n${definition}`;
}
