import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "headgate-lint-"));
cpSync(join(root, "biome.json"), join(copy, "biome.json"));
afterAll(() => rmSync(copy, { recursive: true }));

let files = 0;

/** What this project's linter says of a file with this text in this folder, in a copy that holds nothing else. */
function lint(
  folder: string,
  text: string,
  ending = "ts",
): Promise<{ readonly failed: boolean; readonly output: string }> {
  const file = join(folder, `offender-${++files}.${ending}`);
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), text);
  const flags = ["lint", "--vcs-enabled=false", "--colors=off", file];
  return new Promise((resolve) => {
    execFile(join(root, "node_modules/.bin/biome"), flags, { cwd: copy }, (error, stdout, stderr) => {
      // One line, so that the frame of a diagnostic does not cut its sentence.
      resolve({ failed: error !== null, output: `${stdout}${stderr}`.replace(/\s+/g, " ") });
    });
  });
}

const wireMessage = "wire is pure and depends on nothing";
const coreMessage = "core imports wire and zod alone, and no adapter";
const contractMessage = "The contract imports only types of @headgate/wire";
const gatewayMessage = "gateway never names an adapter";
const adapterMessage = "An adapter imports what a third party can import";

/** Who imports what, and the first words of the way out. */
const forbidden: readonly (readonly [folder: string, text: string, message: string])[] = [
  ["packages/wire/src", `export { readFileSync } from "node:fs";`, wireMessage],
  ["packages/wire/src/chat", `import { z } from "zod";\nexport const schema = z.string();`, wireMessage],
  ["packages/wire/src", `export const later = () => import("zod");`, wireMessage],
  ["packages/core/src", `export { default } from "@headgate/provider-lmstudio";`, coreMessage],
  ["packages/core/src/run", `export { startGateway } from "@headgate/gateway";`, coreMessage],
  ["packages/core/src", `export { createServer } from "node:http";`, coreMessage],
  ["packages/core/src", `export { request } from "undici";`, coreMessage],
  ["packages/core/src/provider", `export { z } from "zod";`, contractMessage],
  ["packages/core/src/provider", `export { codecs } from "../router.ts";`, contractMessage],
  ["packages/gateway/src", `export { default } from "@headgate/provider-anthropic";`, gatewayMessage],
  ["packages/gateway/src/cli", `export { config } from "@headgate/provider-openai";`, gatewayMessage],
  ["packages/gateway/src", `export { default } from "headgate";`, gatewayMessage],
  ["packages/provider-acme/src", `export { createRouter } from "@headgate/core";`, adapterMessage],
  ["packages/provider-acme/src", `export { request } from "undici";`, adapterMessage],
  ["packages/provider-acme/src", `export { codecs } from "@headgate/wire";`, adapterMessage],
  ["packages/provider-acme/src", `export { readFileSync } from "node:fs";`, adapterMessage],
  ["packages/provider-acme/src", `export { rules } from "@headgate/provider-openai";`, adapterMessage],
];

const allowed: readonly (readonly [folder: string, text: string])[] = [
  ["packages/wire/src/chat", `export { splice } from "../json/splice.ts";`],
  [
    "packages/core/src",
    `import { codecs } from "@headgate/wire";\nimport { z } from "zod";\nexport const both = [codecs, z];`,
  ],
  ["packages/core/src/provider", `export type { Wire } from "@headgate/wire";\nexport type { Call } from "./call.ts";`],
  ["packages/gateway/src", `export { createRouter } from "@headgate/core";`],
  ["packages/provider-acme/src", `export { defineProvider } from "@headgate/core/provider";`],
  ["packages/provider-acme/src", `export { createProvider } from "@headgate/provider-openai-compatible";`],
];

describe("the import rules", () => {
  it.for(forbidden)("refuse in %s: %s", async ([folder, text, message]) => {
    const { failed, output } = await lint(folder, text);
    expect(output).toContain("noRestrictedImports");
    expect(output).toContain(message);
    expect(failed).toBe(true);
  });

  it.for(allowed)("allow in %s: %s", async ([folder, text]) => {
    const { failed, output } = await lint(folder, text);
    expect(output).not.toContain("noRestrictedImports");
    expect(failed).toBe(false);
  });
});

describe("the import rules in tests", () => {
  it("let an adapter's test import the router that it is tested with", async () => {
    const { failed } = await lint(
      "packages/provider-acme/src",
      `export { createRouter } from "@headgate/core";`,
      "test.ts",
    );
    expect(failed).toBe(false);
  });
});

describe("the rules on globals", () => {
  it.for([
    ["packages/wire/src", "export const size = (text: string) => Buffer.byteLength(text);", "wire is pure"],
    ["packages/core/src", "export const home = () => process.env.HOME;", "core uses Web standards only"],
    ["packages/provider-acme/src", "export const ask = () => fetch('http://127.0.0.1');", "A plugin does no I/O"],
    ["packages/provider-acme/src", "export const key = () => process.env.ACME_KEY;", "A plugin does no I/O"],
  ] as const)("refuse in %s: %s", async ([folder, text, message]) => {
    const { failed, output } = await lint(folder, text);
    expect(output).toContain("noRestrictedGlobals");
    expect(output).toContain(message);
    expect(failed).toBe(true);
  });
});
