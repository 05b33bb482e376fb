import { describe, expect, it } from "vitest";
import lmstudio from "../../packages/provider-lmstudio/package.json" with { type: "json" };
import { checkContents } from "../../scripts/package-checks/contents.ts";
import { checkMetadata } from "../../scripts/package-checks/metadata.ts";
import type { Fault, Manifest, Package } from "../../scripts/package-checks/package.ts";
import { checkTree } from "../../scripts/package-checks/tree.ts";

function packageWith(change: Partial<Manifest>, rest: Partial<Package> = {}): Package {
  const manifest = { ...lmstudio, ...change } as Manifest;
  const files = ["dist/index.js", "dist/index.d.ts", "package.json"];
  return {
    name: manifest.name,
    folder: "packages/provider-lmstudio",
    manifest,
    tarball: "",
    size: 5000,
    files,
    ...rest,
  };
}

const whatOf = (faults: readonly Fault[]): string => faults.map(({ what }) => what).join("; ");

describe("the check of package.json", () => {
  it("finds nothing wrong with a package that is in order", () => {
    expect(checkMetadata(packageWith({}), [])).toEqual([]);
  });

  it.for<[change: Partial<Manifest>, what: string]>([
    [{ description: "" }, "no description"],
    [{ keywords: [] }, "fewer than three keywords"],
    [{ license: "MIT" }, "not Apache-2.0"],
    [{ repository: { url: "git+https://example.com/other.git" } }, "repository does not name this folder"],
    [{ homepage: "https://example.com" }, "homepage or bugs"],
    [{ type: "commonjs" }, "not ESM only"],
    [{ main: "./dist/index.cjs" }, "not ESM only"],
    [{ exports: { ".": { require: "./dist/index.cjs" }, "./package.json": "./package.json" } }, "a require condition"],
    [{ sideEffects: true }, "sideEffects is not false"],
    [{ engines: { node: ">=18" } }, "engines.node"],
    [{ files: [] }, "files is missing"],
    [{ publishConfig: { access: "public" } }, "provenance"],
    [{ scripts: { postinstall: "node setup.js" } }, "at install"],
    [{ scripts: { prepare: "npm run build" } }, "at install"],
    [{ peerDependencies: { "@headgate/core": "^0.0.0" } }, "peer dependencies"],
  ])("refuses %j, and says how to mend it", ([change, what]) => {
    const faults = checkMetadata(packageWith(change), []);
    expect(whatOf(faults)).toContain(what);
    for (const { fix } of faults) expect(fix).not.toBe("");
  });

  it("refuses another range than the caret of a sibling's version", () => {
    const subject = packageWith({ dependencies: { "@headgate/core": "*" } });
    const core = packageWith({ name: "@headgate/core", version: "1.2.3" });
    expect(checkMetadata(subject, [core])).toEqual([
      { what: "it depends on @headgate/core at *", fix: 'write "^1.2.3"' },
    ]);
  });
});

describe("the check of what would be published", () => {
  it("refuses more than 200 kB, sources, tests, and a promise that is not kept", () => {
    const large = packageWith({}, { size: 200_001, files: ["src/index.ts", "dist/plugin.test.js", "dist/index.js"] });
    const faults = whatOf(checkContents(large));
    expect(faults).toContain("more than 200 kB");
    expect(faults).toContain("it would publish src/index.ts, dist/plugin.test.js");
    expect(faults).toContain("it would not publish dist/index.d.ts");
  });

  it("refuses an adapter that brings more than five packages", () => {
    const heavy = packageWith({ dependencies: { ...lmstudio.dependencies, vitest: "*" } });
    expect(whatOf(checkTree(heavy))).toMatch(/it brings \d+ packages, more than 5: .*vitest/);
  });
});
