import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Names, withNames } from "./names.ts";
import { packageJson } from "./package-json.ts";

/** Where each file of the template goes. */
const files: Readonly<Record<string, string>> = {
  "plugin.ts": "src/plugin.ts",
  "backend.ts": "test/backend.ts",
  "conformance.ts": "test/conformance.test.ts",
  "tsconfig.json": "tsconfig.json",
  "tsconfig.build.json": "tsconfig.build.json",
  "readme.md": "README.md",
  "ci.yml": ".github/workflows/ci.yml",
  // npm would leave a file of this name out of the package.
  gitignore: ".gitignore",
  "changeset-config.json": ".changeset/config.json",
  "first-release.md": ".changeset/first-release.md",
};

/** Writes a new plugin into a folder; the result is what was written. */
export function writePlugin(folder: string, names: Names, repository: string | undefined): readonly string[] {
  const written = new Map([["package.json", `${JSON.stringify(packageJson(names, repository), null, 2)}\n`]]);
  for (const [file, destination] of Object.entries(files)) {
    const text = readFileSync(new URL(`../template/${file}`, import.meta.url), "utf8");
    written.set(destination, withNames(text, names));
  }
  for (const [file, text] of written) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return [...written.keys()];
}
