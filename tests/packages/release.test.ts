import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./markdown.ts";

const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(join(tmpdir(), "headgate-release-"));

const manifestsIn = (repository: string): readonly Manifest[] =>
  globSync("packages/*/package.json", { cwd: repository })
    .sort()
    .map((file) => JSON.parse(readFileSync(join(repository, file), "utf8")));

/** Does what a release does to versions and changelogs. */
async function version(repository: string): Promise<void> {
  const bin = join(root, "node_modules/@changesets/cli/bin.js");
  await run(process.execPath, [bin, "version"], { cwd: repository });
}

/** The manifests and changesets of this repository, in a folder of their own. */
async function copyRepository(name: string): Promise<string> {
  const copy = join(folder, name);
  const lists = ["package.json", "package-lock.json", ".changeset/*", "packages/*/package.json"];
  for (const file of globSync(lists, { cwd: root })) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  await run("git", ["init", "-q", "-b", "main"], { cwd: copy });
  return copy;
}

/** Each package of ours at 0.1.0, and nothing that waits to be released. */
function settle(repository: string): void {
  for (const file of globSync(".changeset/*.md", { cwd: repository })) rmSync(join(repository, file));
  for (const file of globSync("packages/*/package.json", { cwd: repository })) {
    const text = readFileSync(join(repository, file), "utf8");
    const named = text.replace(/"version": "[^"]+"/, `"version": "0.1.0"`);
    writeFileSync(join(repository, file), named.replace(/("@headgate\/[\w-]+"): "\^[^"]+"/g, `$1: "^0.1.0"`));
  }
}

let released: string;

/** One change, released: the packages whose versions it moved, by name, with the repository to look into. */
async function release(changeset: string, prepare?: (repository: string) => void) {
  const repository = mkdtempSync(join(folder, "change-"));
  cpSync(released, repository, { recursive: true, verbatimSymlinks: true });
  prepare?.(repository);
  const before = new Map(manifestsIn(repository).map(({ name, version }) => [name, version]));
  writeFileSync(join(repository, ".changeset/a-change.md"), changeset);
  await version(repository);
  const after = manifestsIn(repository);
  const moved = after.filter(({ name, version }) => before.get(name) !== version);
  const changelog = (name: string): string => {
    const file = join(repository, "packages", basename(name), "CHANGELOG.md");
    return existsSync(file) ? (readFileSync(file, "utf8").split(/^## /m)[1] ?? "") : "";
  };
  return { versions: Object.fromEntries(moved.map(({ name, version }) => [name, version])), after, changelog };
}

const note = (name: string, bump: string, text: string): string => `---\n"${name}": ${bump}\n---\n\n${text}\n`;
const dependents = (manifests: readonly Manifest[]): readonly Manifest[] =>
  manifests.filter(({ dependencies = {} }) => "@headgate/core" in dependencies);

beforeAll(async () => {
  released = await copyRepository("released");
  settle(released);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("what waits to be released", () => {
  it("is no major version of anything, and every range among the packages fits afterwards", async () => {
    const repository = await copyRepository("waiting");
    await version(repository);
    const manifests = manifestsIn(repository);
    const versions = new Map(manifests.map(({ name, version }) => [name, version]));
    expect(manifests.filter(({ version }) => !version.startsWith("0."))).toEqual([]);
    const line = (text = ""): string => text.replace("^", "").split(".", 2).join(".");
    const unfit = manifests.flatMap(({ name, dependencies = {} }) =>
      Object.entries(dependencies)
        .filter(([other, range]) => versions.has(other) && line(range) !== line(versions.get(other)))
        .map(([other, range]) => `${name} wants ${other} ${range}`),
    );
    expect(unfit).toEqual([]);
  });

  it("depends on none of ours as a peer: a peer's minor version would be a major one of the dependent", () => {
    expect(manifestsIn(released).filter((manifest) => "peerDependencies" in manifest)).toEqual([]);
  });
});

describe("a release of core that keeps the contract", () => {
  it("moves core alone, where it mends: what depends on it fits as it is", async () => {
    const { versions, changelog } = await release(note("@headgate/core", "patch", "Mend a clock."));
    expect(versions).toEqual({ "@headgate/core": "0.1.1" });
    expect(changelog("core")).toContain("Mend a clock.");
    expect(changelog("provider-lmstudio")).not.toContain("0.1.1");
  });

  it("moves what depends on it by a patch, where it adds something", async () => {
    const { versions, after, changelog } = await release(note("@headgate/core", "minor", "Add a hook."));
    const moved = Object.entries(versions).filter(([name]) => name !== "@headgate/core");
    expect(versions["@headgate/core"]).toBe("0.2.0");
    expect(new Set(moved.map(([, version]) => version))).toEqual(new Set(["0.1.1"]));
    expect(moved.map(([name]) => name)).toEqual(expect.arrayContaining(dependents(after).map(({ name }) => name)));
    for (const { name, dependencies } of dependents(after)) {
      expect([name, dependencies?.["@headgate/core"]]).toEqual([name, "^0.2.0"]);
      expect(changelog(name)).toContain("@headgate/core@0.2.0");
    }
    expect(changelog("core")).toMatch(/### Minor Changes[\s\S]*Add a hook\./);
  });
});

describe("a new adapter", () => {
  it("moves nothing else", async () => {
    const { versions, changelog } = await release(
      note("@headgate/provider-new", "minor", "A new one."),
      (repository) => {
        const manifest = readFileSync(join(repository, "packages/provider-vllm/package.json"), "utf8");
        const file = join(repository, "packages/provider-new/package.json");
        mkdirSync(dirname(file));
        writeFileSync(
          file,
          manifest.replaceAll("provider-vllm", "provider-new").replace(/"version": "[^"]+"/, `"version": "0.0.0"`),
        );
      },
    );
    expect(versions).toEqual({ "@headgate/provider-new": "0.1.0" });
    expect(changelog("provider-new")).toContain("A new one.");
  });
});
