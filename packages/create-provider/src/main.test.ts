import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { main } from "./main.ts";

function run(...argv: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "headgate-create-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return runIn(folder, ...argv);
}

function runIn(folder: string, ...argv: readonly string[]) {
  const said: string[] = [];
  const tell = (text: string): void => void said.push(text);
  const code = main(argv, { folder, out: tell, err: tell });
  return { code, said: said.join("\n"), read: (file: string) => readFileSync(join(folder, file), "utf8") };
}

describe("create-provider", () => {
  it("writes a package by the id, in every spelling, and says what comes next", () => {
    const { code, said, read } = run("deep.sea-9b");
    expect(code).toBe(0);
    expect(said).toContain("headgate-provider-deep.sea-9b is in headgate-provider-deep.sea-9b:");
    expect(said).toContain("  npm test");
    const plugin = read("headgate-provider-deep.sea-9b/src/plugin.ts");
    for (const text of ['kind: "deep.sea-9b"', "DEEP_SEA_9B_API_KEY", "Deep Sea 9b gives no model list"]) {
      expect(plugin).toContain(text);
    }
    expect(plugin).not.toMatch(/my.backend/i);
  });

  it("takes a package's name for its id, a folder, and a repository", () => {
    const { read } = run("headgate-provider-acme", "here", "--repository", "me/acme");
    expect(JSON.parse(read("here/package.json"))).toMatchObject({
      name: "headgate-provider-acme",
      repository: { url: "git+https://github.com/me/acme.git" },
      publishConfig: { provenance: true },
      dependencies: { "@headgate/core": expect.stringMatching(/^\^/), zod: expect.stringMatching(/^\^/) },
    });
  });

  it("writes into a folder that holds a new repository and nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "headgate-create-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, ".git"));
    expect(runIn(folder, "acme", ".").code).toBe(0);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(runIn(folder, "acme", ".")).toMatchObject({ code: 2, said: expect.stringContaining(". is not empty") });
  });

  it.for<[argv: readonly string[], message: string]>([
    [[], "name one provider"],
    [["Acme AI"], "Acme AI is no provider's id"],
    [["../acme"], "../acme is no provider's id"],
    [["9lives"], "9lives is no provider's id"],
    [["acme", "here", "there"], "name one provider"],
    [["acme", "--repository", "https://github.com/me/acme"], "write it as owner/name"],
    [["acme", "--force"], "--force"],
  ])("refuses %j, and says why", ([argv, message]) => {
    expect(run(...argv)).toMatchObject({ code: 2, said: expect.stringContaining(message) });
  });

  it("helps", () => {
    expect(run("--help")).toMatchObject({
      code: 0,
      said: expect.stringContaining("npm create @headgate/provider <id>"),
    });
  });
});
