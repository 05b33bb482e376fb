import { readdirSync, readFileSync } from "node:fs";
import { escapeText, writeTable } from "./blocks.ts";

interface Described {
  readonly folder: string;
  readonly name: string;
  readonly description: string;
}

function packages(): readonly Described[] {
  const folder = new URL("../../packages/", import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const manifest = JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), "utf8")) as Described;
      return { folder: `packages/${name}`, name: manifest.name, description: manifest.description };
    });
}

const adapter = /^@headgate\/provider-(?!testkit$)/;
const adapterDescription = /^Headgate adapter for /;

/** The adapters that come with the product, and what each is for. */
export function adapterTable(): string {
  const rows = packages()
    .filter(({ name }) => adapter.test(name))
    .map(({ folder, name, description }) => [
      `\`${name.replace(adapter, "")}\``,
      escapeText(description.replace(adapterDescription, "").replace(/\.$/, "")),
      `[${name}](${folder}/README.md)`,
    ]);
  return writeTable(["provider", "is", "package"], rows);
}

/** Every package of the repository. */
export function packageTable(): string {
  return writeTable(
    ["folder", "package", "what it is"],
    packages().map(({ folder, name, description }) => [`\`${folder}\``, `\`${name}\``, escapeText(description)]),
  );
}
