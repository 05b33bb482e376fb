import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { root } from "./markdown.ts";

const example = join(root, "examples/provider-acme");
const source = readFileSync(join(example, "plugin.ts"), "utf8");

/** The example's plugin, built. */
export const built = stripTypeScriptTypes(source);

const declarations = `import type { ProviderPlugin } from "@headgate/core/provider";
declare const plugin: ProviderPlugin<{ baseUrl: string }>;
export default plugin;
`;

/** The example as a package of somebody else's, ready to be packed. */
export function writeStranger(folder: string, name: string): string {
  const exports = { ".": { types: "./dist/plugin.d.ts", default: "./dist/plugin.js" } };
  const dependencies = { "@headgate/core": "^0.0.0", zod: "^4.0.0" };
  const manifest = { name, version: "1.0.0", type: "module", exports, files: ["dist"], dependencies };
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "dist/plugin.js"), built);
  writeFileSync(join(folder, "dist/plugin.d.ts"), declarations);
  return folder;
}

/** What somebody writes who has installed the packages: the plugin, its test, and a router for it. */
export function writeSources(folder: string, installed: string): void {
  for (const file of ["plugin.ts", "backend.ts"]) copyFileSync(join(example, file), join(folder, file));
  writeFileSync(
    join(folder, "uses.ts"),
    `import { createRouter, type Router } from "@headgate/core";
import { testProvider } from "@headgate/provider-testkit";
import installed from "${installed}";
import backend from "./backend.js";
import acme from "./plugin.js";

testProvider({ plugin: acme, backend });
export const router: Router = createRouter({ config: {}, plugins: [acme, installed] });
`,
  );
  writeFileSync(join(folder, "wrong.ts"), source.replace(`chat: "exact"`, `chat: "perfect"`));
}

/** The errors in them, declarations in the packages included. */
export function compile(folder: string, module: string, moduleResolution: string): Promise<readonly string[]> {
  const file = join(folder, `tsconfig.${moduleResolution}.json`);
  const lib = ["es2024", "esnext.disposable", "dom"];
  const compilerOptions = { target: "es2024", lib, types: [], module, moduleResolution, strict: true, noEmit: true };
  writeFileSync(file, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return new Promise((resolve) => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    execFile(process.execPath, [tsc, "--pretty", "false", "-p", file], { cwd: folder }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`.split("\n").filter((line) => /^\S/.test(line))),
    );
  });
}
