// Writes config.schema.json from the zod schema: node packages/core/scripts/write-config-schema.ts
import { writeFileSync } from "node:fs";
import { configJsonSchemaText } from "../src/config/json-schema.ts";

writeFileSync(new URL("../config.schema.json", import.meta.url), configJsonSchemaText());
