import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { createRouter, type ProviderPlugin, parseConfig, wirePaths } from "@headgate/core";
import anthropic from "@headgate/provider-anthropic";
import litellm from "@headgate/provider-litellm";
import lmstudio from "@headgate/provider-lmstudio";
import openai from "@headgate/provider-openai";
import compatible from "@headgate/provider-openai-compatible";
import openrouter from "@headgate/provider-openrouter";
import vllm from "@headgate/provider-vllm";
import json5 from "json5";
import { describe, expect, it } from "vitest";
import acme from "../../examples/provider-acme/plugin.ts";
import { type CodeBlock, codeBlocks, pages, readPage, root } from "./markdown.ts";

const run = promisify(execFile);
const title = ({ page, line }: CodeBlock): string => `${page}:${line}`;

describe("the configs that the pages show", () => {
  const plugins = new Map<string, ProviderPlugin>(
    [acme, anthropic, litellm, lmstudio, openai, openrouter, vllm].map((plugin) => [
      plugin.kind,
      plugin as ProviderPlugin,
    ]),
  );

  it.for(codeBlocks("json5").map((block) => [title(block), block] as const))("are in order: %s", ([, { text }]) => {
    const value = json5.parse(text);
    const environment = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name ?? "", "set"]));
    const { config, problems } = parseConfig(value, environment);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    const rows = [...config.models.providers.keys()].filter((id) => !plugins.has(id));
    const withOthers = new Map([...plugins, ...rows.map((id) => [id, compatible as ProviderPlugin] as const)]);
    const router = createRouter({ config: value, plugins: withOthers, environment });
    expect(router.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("the code that the pages show", () => {
  it("is accepted by the type checker", async () => {
    const blocks = codeBlocks("ts");
    expect(blocks.length).toBeGreaterThan(2);
    mkdirSync(join(root, ".cache"), { recursive: true });
    const folder = mkdtempSync(join(root, ".cache", "pages-"));
    try {
      const files = blocks.map((block) => {
        const file = `${block.page.replace(/\W+/g, "-")}-line-${block.line}.ts`;
        writeFileSync(join(folder, file), `${block.text}\nexport {};\n`);
        return file;
      });
      // What an example leaves unused, its reader uses.
      const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
      const settings = { extends: "../../tsconfig.json", compilerOptions, include: [], files };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
      const tsc = run(join(root, "node_modules/.bin/tsc"), ["--pretty", "false", "-p", folder], { cwd: folder });
      const said = await tsc.then(({ stdout }) => stdout).catch((error: { stdout: string }) => error.stdout);
      expect(said).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

describe("the commands that the pages name", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const ofNpm = new Set(["i", "install", "ci", "start", "test", "pack", "query", "create"]);

  it.for(pages)("exist: npm's in %s", (page) => {
    for (const [, script = ""] of readPage(page).matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
    for (const [, command = ""] of readPage(page).matchAll(/(?:^|&& |`)npm (?!run\b)([a-z]+)/gm)) {
      expect(ofNpm).toContain(command);
      if (command === "start" || command === "test") expect(Object.keys(manifest.scripts)).toContain(command);
    }
    for (const [, program = ""] of readPage(page).matchAll(/\bnpx ([\w-]+)/g)) {
      expect(existsSync(join(root, "node_modules/.bin", program)), program).toBe(true);
    }
  });

  it.for(pages)("exist: packages to install in %s", (page) => {
    for (const [, name = ""] of readPage(page).matchAll(/npm (?:i|install) (?:-[gD] )?(@?[a-z][\w@/-]*)/g)) {
      expect(existsSync(join(root, "packages", name.replace("@headgate/", ""), "package.json")), name).toBe(true);
    }
  });

  it("exist: headgate's own", async () => {
    const bin = join(root, "packages/headgate/bin/headgate.js");
    const { stdout } = await run(process.execPath, [bin, "--help"]);
    const named = pages.flatMap((page) =>
      [...readPage(page).matchAll(/(?:^|`)headgate ([a-z]+)/gm)].map((one) => one[1]),
    );
    expect(named).toContain("serve");
    for (const command of new Set(named)) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
  });

  it("ask at paths that are served", () => {
    const asked = codeBlocks("sh").flatMap(({ text }) => [...text.matchAll(/127\.0\.0\.1:4323(\/[\w/]+)/g)]);
    expect(asked.length).toBeGreaterThan(0);
    for (const [, path] of asked) expect([...Object.values(wirePaths), "/v1/models", "/health"]).toContain(path);
  });
});

describe("the links between the pages", () => {
  it.for(pages)("lead somewhere: %s", (page) => {
    for (const [, target = ""] of readPage(page).matchAll(/\]\(((?!https?:|#)[^)\s]+)\)/g)) {
      const [path = "", anchor] = target.split("#");
      const file = resolve(root, dirname(page), path);
      expect(existsSync(file), target).toBe(true);
      if (anchor !== undefined) expect(headings(readFileSync(file, "utf8")), target).toContain(anchor);
    }
  });
});

/** Anchors as they are made of headings. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = ""]) =>
    words
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replace(/\s/g, "-"),
  );
}
