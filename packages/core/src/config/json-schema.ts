import { z } from "zod";
import { configSchema } from "./schema.ts";

/** The JSON Schema (draft 2020-12) of the config file, for editors. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema = "https://json-schema.org/draft/2020-12/schema", ...schema } = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-2020-12",
    // Ours are of what is written, while zod takes those of a field that is converted for what comes out.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return {
    $schema,
    $id: "https://raw.githubusercontent.com/headgate/headgate/main/packages/core/config.schema.json",
    title: "Headgate config",
    description: "The config file of Headgate, headgate.json5.",
    ...schema,
  };
}

/** The text of the published schema file. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}
