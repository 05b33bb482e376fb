import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseConfig } from "@headgate/core";
import json5 from "json5";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/package-checks/pack.ts";

const run = promisify(execFile);

const name = "headgate-provider-deep-sea";

let folder: string;

/** Runs a program in the new package, with this Node first in its path and nothing of this test in its environment. */
async function runThere(program: string, ...flags: readonly string[]): Promise<string> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`, HOME: folder, NO_COLOR: "1" };
  const { stdout } = await run(program, flags, { cwd: folder, env, maxBuffer: 2 ** 26 });
  return stdout;
}

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), "headgate-create-"));
  const bin = join(root, "packages/create-provider/bin/create-provider.js");
  await run(process.execPath, [bin, "deep-sea", "--repository", "me/deep-sea"], { cwd: parent });
  folder = join(parent, name);
  // What the registry would give is here already.
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});

afterAll(() => rmSync(dirname(folder), { recursive: true }));

describe("a plugin that was just made", () => {
  it("passes its own tests: types, build, and every case of the kit", async () => {
    const report = await runThere("npm", "test", "--silent");
    expect(report).toMatch(/^# fail 0$|ℹ fail 0$/m);
    expect(Number(/(?:#|ℹ) pass (\d+)$/m.exec(report)?.[1])).toBeGreaterThan(50);
  }, 60_000);

  it("passes on the command line as it would be published", async () => {
    const kit = join(root, "packages/provider-testkit/bin/headgate-testkit.js");
    const report = await runThere(process.execPath, kit, ".", "--backend", "./test/backend.ts");
    expect(report).toContain("It keeps its promises: ");
  }, 60_000);

  it("is ready to be published", async () => {
    const { messages } = await publint({ pkgDir: folder, strict: true, pack: false });
    expect(messages).toEqual([]);
    const [{ files }] = JSON.parse(await runThere("npm", "pack", "--dry-run", "--json")) as [
      { readonly files: readonly { readonly path: string }[] },
    ];
    expect(files.map(({ path }) => path).sort()).toEqual([
      "README.md",
      "dist/plugin.d.ts",
      "dist/plugin.js",
      "package.json",
    ]);
  });

  it("has every change of it tested by what its manifest can do", () => {
    const workflow = readFileSync(join(folder, ".github/workflows/ci.yml"), "utf8");
    expect([...workflow.matchAll(/- run: (.*)/g)].map(([, command]) => command)).toEqual(["npm install", "npm test"]);
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly scripts: object };
    expect(Object.keys(scripts)).toEqual(["build", "test", "release"]);
  });

  it("shows a config that is in order, and the options that it has", () => {
    const page = readFileSync(join(folder, "README.md"), "utf8");
    const [, shown = ""] = /```json5\n(.*?)```/s.exec(page) ?? [];
    expect(parseConfig(json5.parse(shown), {}).problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(shown).toContain("deep-sea/");
    expect(page).toContain("| `baseUrl` |");
    expect(page).not.toMatch(/my.backend/i);
  });

  it("is released by the changeset that comes with it", async () => {
    const copy = join(dirname(folder), "released");
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    await run("git", ["init", "-q", "-b", "main"], { cwd: copy });
    await run(process.execPath, [join(root, "node_modules/@changesets/cli/bin.js"), "version"], { cwd: copy });
    expect(JSON.parse(readFileSync(join(copy, "package.json"), "utf8"))).toMatchObject({ name, version: "0.1.0" });
    expect(readFileSync(join(copy, "CHANGELOG.md"), "utf8")).toContain("The first release.");
  });

  it("is small: sixty lines of plugin, ten of test", () => {
    const lines = (file: string): number => readFileSync(join(folder, file), "utf8").trimEnd().split("\n").length;
    expect(lines("src/plugin.ts")).toBeLessThanOrEqual(60);
    expect(lines("test/conformance.test.ts")).toBeLessThanOrEqual(10);
  });

  it("depends on versions that there are", () => {
    const manifest = (file: string) =>
      JSON.parse(readFileSync(file, "utf8")) as { version: string } & Record<string, Record<string, string>>;
    const made = manifest(join(folder, "package.json"));
    const wanted = Object.entries({ ...made.dependencies, ...made.devDependencies });
    const there = wanted.map(([one]) => [
      one,
      `^${manifest(join(folder, "node_modules", one, "package.json")).version}`,
    ]);
    const major = (range: string): string => range.split(".")[0] ?? "";
    expect(wanted.map(([one, range]) => [one, major(range)])).toEqual(
      there.map(([one, range = ""]) => [one, major(range)]),
    );
  });
});
