import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { main } from "./main.ts";

const example = fileURLToPath(new URL("../../../../examples/provider-acme", import.meta.url));

/** Runs a command line in a folder, and keeps what it says. */
async function run(folder: string, ...argv: readonly string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const out = (text: string): void => void lines.push(text);
  const err = (text: string): void => void errors.push(text);
  const code = await main(argv, { folder, isColored: false, out, err });
  return { code, out: lines.join("\n"), err: errors.join("\n") };
}

/** A folder with files in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-kit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const noPlugin = "export default {};";

describe("headgate-testkit", () => {
  it("reports on a plugin over a described backend, and exits with 0", async () => {
    const { code, out } = await run(example, "./plugin.ts", "--backend", "./backend.ts");
    expect(out).toMatch(/^\.\/plugin\.ts over \.\/backend\.ts$/m);
    expect(out).toMatch(/^ {2}kept {4}request-pure$/m);
    expect(out).toMatch(/^ {2}– {7}models-listed +the plugin has no models\(\)$/m);
    expect(out).toMatch(/^It keeps its promises: \d+ kept, 0 broken, \d+ not asked\.$/m);
    expect(code).toBe(0);
  });

  it("says what is broken, why it matters and where to read on, and exits with 1", async () => {
    const { code, out } = await run(example, "./plugin.ts", "--only", "failure-whole");
    expect(out).toMatch(/^ {2}BROKEN {2}failure-whole +Every failure that the backend is known for/m);
    expect(out).toContain('- on chat, "contextLength" is context_overflow, and is read as unsupported');
    expect(out).toContain("docs/testkit.md#failure-whole");
    expect(out).toContain("It breaks 1 of its promises: 0 kept, 1 broken, 0 not asked.");
    expect(code).toBe(1);
  });

  it("writes JSON for programs", async () => {
    const flags = ["./plugin.ts", "--json", "--only", "kind-name", "--only", "models-end"];
    const { code, out } = await run(example, ...flags);
    expect(JSON.parse(out)).toMatchObject({
      plugin: "./plugin.ts",
      backend: "openai-compatible",
      ok: true,
      cases: [
        { id: "kind-name", topic: "shape", kind: "kept", docs: expect.stringContaining("#kind-name") },
        { id: "models-end", kind: "spared", why: "the plugin has no models()" },
      ],
    });
    expect(code).toBe(0);
  });

  it("takes a config as JSON5, and the places that it proves", async () => {
    const { code, out } = await run(
      example,
      "./plugin.ts",
      ...["--config", "{ baseUrl: '${origin}/v1', }", "--places", "eu, us", "--only", "places-declared"],
    );
    expect(out).toContain("it says unknown, the test eu, us");
    expect(code).toBe(1);
  });

  it("lists its cases", async () => {
    expect((await run(example, "--list")).out).toMatch(/^ {2}request-pure +`request` shapes/m);
    expect(JSON.parse((await run(example, "--list", "--json")).out)[0]).toMatchObject({ id: "plugin-shape" });
  });

  it("enters a package by its exports, and finds an installed one from a folder below", async () => {
    const exports = { ".": { types: "./no.d.ts", import: "./lib/entry.mjs" } };
    const folder = folderWith({
      "here/package.json": JSON.stringify({ exports }),
      "here/lib/entry.mjs": noPlugin,
      "node_modules/headgate-provider-x/package.json": JSON.stringify({ main: "main.mjs" }),
      "node_modules/headgate-provider-x/main.mjs": noPlugin,
    });
    const below = join(folder, "here/lib");
    for (const [where, name] of [
      [folder, "./here"],
      [below, "headgate-provider-x"],
    ] as const) {
      expect(await run(where, name, "--only", "plugin-shape")).toMatchObject({
        code: 1,
        out: expect.stringContaining("create is not a function"),
      });
    }
  });

  it.for<[what: string, argv: readonly string[], message: string]>([
    ["no plugin", [], "name a plugin"],
    ["a path that leads nowhere", ["./nothing.js"], "there is nothing at "],
    ["a package that is not installed", ["headgate-provider-none"], "there is no package headgate-provider-none"],
    ["a package that is not built", ["./unbuilt"], "build it first"],
    ["a folder that is no package", ["./empty"], "is no package"],
    ["a module that throws", ["./throws.mjs"], "./throws.mjs cannot be loaded: not today"],
    ["a config that is none", ["./none.mjs", "--config", "{"], "--config is no JSON5"],
    ["a config that is a text", ["./none.mjs", "--config", "'x'"], "--config is no object"],
    ["a backend that there is not", ["./none.mjs", "--backend", "lmstudoi"], "there is no backend lmstudoi"],
    ["a backend that is none", ["./none.mjs", "--backend", "./none.mjs"], "./none.mjs describes no backend"],
    ["a case that there is not", ["./none.mjs", "--only", "purity"], "there is no case purity"],
    ["an option that there is not", ["./none.mjs", "--verbose"], "unknown option"],
  ])("refuses %s with a way out, and exits with 2", async ([, argv, message]) => {
    const folder = folderWith({
      "none.mjs": noPlugin,
      "throws.mjs": "throw new Error('not today');",
      "unbuilt/package.json": JSON.stringify({ exports: "./dist/index.js" }),
      "empty/README.md": "",
    });
    const { code, err } = await run(folder, ...argv);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
