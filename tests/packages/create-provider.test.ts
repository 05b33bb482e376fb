import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
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
