import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { checkProvider } from "./check-provider.ts";
import { meridian } from "./mutants/backend.ts";
import { good } from "./mutants/base.ts";
import { ofPlugin, ofProvider } from "./mutants/mutant.ts";
import { type TestProviderOptions, testProvider } from "./test-provider.ts";

/** A runner that writes down what is registered. */
function register(options: TestProviderOptions) {
  const titles: string[] = [];
  const tests = new Map<string, () => Promise<void>>();
  testProvider({
    ...options,
    describe: (title, body) => {
      titles.push(title);
      body();
    },
    it: (title, body) => tests.set(title.split(":")[0] ?? "", body),
  });
  return { titles, tests };
}

describe("testProvider", () => {
  it("registers a test for each case that has something to ask", () => {
    const { titles, tests } = register({ plugin: good, backend: meridian });
    expect(titles).toEqual(["the provider meridian over Meridian"]);
    expect(tests.has("models-odd-lists")).toBe(true);
    expect(tests.has("places-declared")).toBe(false);
  });

  it("fails with what was found, what was promised, and where to read on", async () => {
    const { plugin } = ofPlugin("kind-name", "", { kind: "Meridian AI" });
    const { tests } = register({ plugin, backend: meridian });
    await expect(tests.get("contract-version")?.()).resolves.toBeUndefined();
    const error = await tests
      .get("kind-name")?.()
      .catch((thrown: Error) => thrown.message);
    expect(error).toContain('kind is "Meridian AI"');
    expect(error).toContain("is a lower-case name, with which a package's name can end");
    expect(error).toContain("docs/testkit.md#kind-name");
  });

  it("says once what is no plugin, and once what makes no provider", () => {
    expect([...register({ plugin: {} as never, backend: meridian }).tests.keys()]).toEqual(["plugin-shape"]);
    const { plugin } = ofPlugin("config-given", "", { create: () => raise("no") });
    const ids = [...register({ plugin, backend: meridian }).tests.keys()];
    expect(ids).toContain("config-given");
    expect(ids).not.toContain("serves-text");
  });

  it("refuses a backend that there is not", () => {
    const backend = "lmstudoi" as "lmstudio";
    expect(() => register({ plugin: good, backend })).toThrow("there is no backend lmstudoi: name lmstudio, ");
  });

  it("takes the globals of a runner, and asks for them where it cannot find them", () => {
    expect(() => testProvider({ plugin: good, backend: meridian })).toThrow('import { describe, it } from "vitest"');
    const titles: string[] = [];
    vi.stubGlobal("describe", (title: string, body: () => void) => {
      titles.push(title);
      body();
    });
    vi.stubGlobal("it", () => {});
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    testProvider({ plugin: good, backend: meridian });
    expect(titles).toHaveLength(1);
  });

  it("leads a plugin's own origins to the backend where the config names no address", async () => {
    const { plugin } = ofProvider("", "", (_, config) =>
      good.create({ ...config, baseUrl: "https://api.meridian.example/v1" }),
    );
    const withoutAddress = {
      ...plugin,
      config: { "~standard": { version: 1, vendor: "by hand", validate: () => ({ value: { baseUrl: "unused:" } }) } },
      create: () => good.create({ baseUrl: "https://api.meridian.example/v1" }),
    } as const;
    const { tests } = register({ plugin: withoutAddress, config: {}, backend: meridian });
    await tests.get("serves-text")?.();
    await tests.get("models-listed")?.();
    expect(tests.has("rows-independent")).toBe(false);
  });
});

function raise(message: string): never {
  throw new Error(message);
}

describe("under Jest", () => {
  /** Jest runs a test in a realm of its own, and lends it the `structuredClone` of the one outside. */
  const copyElsewhere: unknown = runInNewContext(`(function copy(value) {
    if (Array.isArray(value)) return Array.from(value, copy);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)]));
  })`);

  it("takes no copy of another realm for something that was changed", async () => {
    vi.stubGlobal("structuredClone", copyElsewhere);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const reports = await checkProvider({ plugin: good, backend: meridian });
    expect(reports.filter(({ kind }) => kind === "broken")).toEqual([]);
  });
});

describe("under Node's own runner", () => {
  it("runs as a test file that passes or fails", async () => {
    const folder = mkdtempSync(join(tmpdir(), "headgate-kit-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const source = (name: string): string => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
    const write = (kind: string): string => {
      const file = join(folder, `${kind}.test.ts`);
      const lines = [
        `import { testProvider } from ${source("test-provider.ts")};`,
        `import { meridian } from ${source("mutants/backend.ts")};`,
        `import { good } from ${source("mutants/base.ts")};`,
        `testProvider({ plugin: { ...good, kind: "${kind}" }, backend: meridian });`,
      ];
      writeFileSync(file, lines.join("\n"));
      return file;
    };
    const [right, wrong] = await Promise.all([runFile(write("meridian")), runFile(write("Meridian"))]);
    expect(right).toMatchObject({ code: 0, out: expect.stringMatching(/pass \d\d/) });
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining("kind-name is broken") });
  }, 60_000);
});

/** Runs a test file as a process of its own, which knows nothing of the one here. */
function runFile(file: string): Promise<{ readonly code: number; readonly out: string }> {
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--test", file], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr });
    });
  });
}
