import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./pack.ts";
import type { Fault, Package } from "./package.ts";

const longest = 700;

/** Checks the provider contract: short, and importing nothing that an author would have to install. */
export function checkContract({ name, folder }: Package): readonly Fault[] {
  if (name !== "@headgate/core") return [];
  const faults: Fault[] = [];
  const lines = contractLines(join(root, folder, "src/provider"));
  if (lines > longest) {
    faults.push({
      what: `the contract has ${lines} lines, more than ${longest}`,
      fix: "take out a hook before adding one",
    });
  }
  if (!existsSync(join(root, folder, "dist/provider/index.js"))) {
    return [...faults, { what: "the built contract is missing", fix: "run npm run build" }];
  }
  const code = importsOf(join(root, folder, "dist/provider/index.js"));
  if (code.size > 0) {
    faults.push({
      what: `@headgate/core/provider imports ${[...code].join(", ")} at run time`,
      fix: "import types alone in packages/core/src/provider",
    });
  }
  const types = [...importsOf(join(root, folder, "dist/provider/index.d.ts"))].filter(
    (one) => one !== "@headgate/wire",
  );
  if (types.length > 0) {
    faults.push({
      what: `the types of @headgate/core/provider import ${types.join(", ")}`,
      fix: "move what they need into packages/core/src/provider",
    });
  }
  return faults;
}

/** Lines of the contract's sources, tests left out. */
function contractLines(folder: string): number {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const count = (file: string): number => readFileSync(join(folder, file), "utf8").trimEnd().split("\n").length;
  return files.reduce((sum, file) => sum + count(file), 0);
}

/** Packages and built-ins that a built module imports, itself or through chunks beside it. */
function importsOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  const packages = new Set<string>();
  const source = readFileSync(file, "utf8");
  for (const [, specifier = ""] of source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)) {
    if (!specifier.startsWith(".")) packages.add(specifier);
    else {
      const path = join(dirname(file), specifier);
      const target = file.endsWith(".d.ts") ? path.replace(/\.js$/, ".d.ts") : path;
      if (!seen.has(target)) for (const name of importsOf(target, seen)) packages.add(name);
    }
  }
  return packages;
}
