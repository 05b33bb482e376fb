import { isObject, type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import type { Problem } from "../backend.ts";
import { invalid } from "./errors.ts";

/** Keywords that are not enforced, and refused. Facts: structured outputs, and what the official client takes out. */
const unsupported = new Set(
  `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern maxItems uniqueItems contains
  minProperties maxProperties patternProperties propertyNames oneOf not if then else prefixItems`.split(/\s+/),
);

/** A schema that the answer, or the arguments of a strict tool, must match. */
export function checkSchemas(body: JsonObject): Problem | undefined {
  const formats = [
    ["output_config.format.schema", toObject(toObject(body.output_config).format).schema],
    ["output_format.schema", toObject(body.output_format).schema],
  ] as const;
  const tools = toObjects(body.tools).map(
    (tool, at) => [`tools.${at}.custom`, tool.strict === true ? tool.input_schema : undefined] as const,
  );
  for (const [place, schema] of [...formats, ...tools]) {
    const fault = faultOf(schema);
    if (fault !== undefined) return invalid(`${place}: ${fault}`);
  }
  return undefined;
}

function faultOf(schema: unknown): string | undefined {
  if (!isObject(schema)) return undefined;
  const type = toText(schema.type) ?? "any";
  if (type === "object" && schema.additionalProperties !== false) {
    return "For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const foreign = Object.keys(schema).find((key) => unsupported.has(key));
  if (foreign !== undefined) return `For '${type}' type, property '${foreign}' is not supported`;
  const inner = [
    ...[schema.properties, schema.$defs, schema.definitions].flatMap((map) => Object.values(toObject(map))),
    ...toObjects(schema.anyOf),
    ...toObjects(schema.allOf),
    schema.items,
  ];
  for (const one of inner) {
    const fault = faultOf(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
