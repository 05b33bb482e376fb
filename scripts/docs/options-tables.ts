import { existsSync, readdirSync } from "node:fs";
import type { ConfigSchema } from "@headgate/core/provider";
import { writeTable } from "./blocks.ts";
import { optionRow, type SchemaNode } from "./config-tables.ts";

const packages = new URL("../../packages/", import.meta.url);

/** The adapters, by the names of their folders: found, so that a new one needs no entry here. */
const folders = readdirSync(packages).filter(
  (folder) => folder.startsWith("provider-") && existsSync(new URL(`${folder}/src/config.ts`, packages)),
);

/** The pages of the adapters, each with its options. */
export const adapterPages: readonly string[] = folders.map((folder) => `packages/${folder}/README.md`);

const tables = await Promise.all(
  folders.map(async (folder) => {
    const { config } = (await import(`../../packages/${folder}/src/config.ts`)) as {
      readonly config: ConfigSchema<unknown>;
    };
    return [folder.replace("provider-", "options-"), tableOf(config)] as const;
  }),
);

/** A table of the row's keys that each adapter takes, as its own schema describes them, by the name of its block. */
export function optionsTables(): ReadonlyMap<string, string> {
  return new Map(tables);
}

function tableOf(config: ConfigSchema<unknown>): string {
  const schema = config["~standard"].jsonSchema?.input({ target: "draft-2020-12" }) as SchemaNode | undefined;
  const rows = Object.entries(schema?.properties ?? {}).map(([key, node]) =>
    optionRow(key, node, schema?.required?.includes(key) === true),
  );
  return writeTable(["key", "takes", "default", "meaning"], rows);
}
