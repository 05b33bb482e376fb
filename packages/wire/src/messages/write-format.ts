import { fieldName } from "../pivot/fields.ts";
import { toObject } from "../pivot/shape.ts";
import type { JsonObject, PivotFormat, PivotRequest } from "../pivot/types.ts";
import { fitSchema } from "./fit-schema.ts";
import type { Target } from "./target.ts";
import type { MessagesOutputConfig, MessagesTool } from "./types.ts";

/** How the answer's form is asked for: by the wire's own field, by a tool that must be called, or in words. */
export interface WrittenFormat {
  readonly format?: MessagesOutputConfig["format"];
  readonly tool?: MessagesTool;
  readonly instruction?: string;
}

export function writeFormat({ format, tools }: PivotRequest, target: Target): WrittenFormat {
  if (format === undefined) return {};
  const { ledger } = target;
  const field = fieldName(ledger, "format");
  if (format.type === "json_object") {
    ledger.changed(field, "asked for in words");
    return { instruction: "Answer with one JSON object and nothing else." };
  }
  const enforced = target.has("output_format") ? enforcedFormat(format, field, target) : undefined;
  if (enforced !== undefined) return { format: enforced };
  if (tools.length === 0 && isObjectSchema(format.schema)) {
    ledger.estimated(field, "asked for by a tool that must be called");
    return { tool: answerTool(format, target) };
  }
  ledger.changed(field, "asked for in words");
  const schema = JSON.stringify(describedSchema(format));
  return {
    instruction: `Answer with one JSON value that matches this JSON Schema, and with nothing else:\n${schema}`,
  };
}

type SchemaFormat = Extract<PivotFormat, { type: "json_schema" }>;

/** The wire's own field, with what of the schema is enforced there; `undefined` for one that would shut everything out. */
function enforcedFormat(format: SchemaFormat, field: string, { ledger }: Target): WrittenFormat["format"] {
  const { schema, told, open } = fitSchema(describedSchema(format));
  if (open) return undefined;
  if (told.length > 0) ledger.changed(field, `told and not enforced: ${told.slice(0, 8).join(", ")}`);
  return { type: "json_schema", schema };
}

/** A form's description has no field of its own here. */
const describedSchema = ({ schema, description }: SchemaFormat): JsonObject =>
  description === undefined || schema.description !== undefined ? schema : { ...schema, description };

/** A tool takes an object and nothing else. */
const isObjectSchema = ({ type, properties }: JsonObject): boolean =>
  type === "object" || (type === undefined && toObject(properties) !== undefined);

/** Its arguments are the answer; they come back as text, see `ToolOrigin`. */
function answerTool(format: SchemaFormat, target: Target): MessagesTool {
  return {
    name: target.tools.spell("json_answer", undefined, "answer"),
    description: format.description ?? "Gives the answer: its arguments are the whole of it.",
    input_schema: { ...format.schema, type: "object" },
  };
}
