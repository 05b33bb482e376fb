import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ConfigFile, readConfig } from "../harness/configs.ts";
import { type Folder, makeFolder, runProgram } from "./program.ts";

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const exampleConfigs = globSync("*.json5", { cwd: examples }).map((name): [string, string] => [
  name,
  join(examples, name),
]);

const key = { ANTHROPIC_API_KEY: "sk-ant-very-secret" };
const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runProgram(words, { cwd: folder.path, environment });

describe("headgate", () => {
  it("prints its version", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it("says which Node it needs on an older one", async () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.18.0" } })';
    const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
    const { code, stderr } = await run(["--version"], environment);
    expect([code, stderr]).toEqual([1, "Headgate needs Node 22.19 or later, and this is Node 22.18.0.\n"]);
  });

  it("ends although a plugin left something open", async () => {
    const plugin = `setInterval(() => {}, 1000); export default {}`;
    folder.config(plugin, "acme.mjs");
    folder.config(readConfig("lmstudio", { "models.providers.acme": { plugin: "./acme.mjs" } }));
    const { code, stdout } = await run(["check"]);
    expect(code).toBe(1);
    expect(stdout).toContain("./acme.mjs is not a provider plugin");
  });

  it.each(["serve", "demo", "check", "explain", "models", "status"])(
    "explains %s, with an example and --json",
    async (command) => {
      const { code, stdout, stderr } = await run([command, "--help"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`headgate ${command}`);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain("--json");
      expect(stdout).toContain("--set <path=value>");
    },
  );

  it.each([
    [["srve"], "Did you mean serve?"],
    [["serve", "--prt", "1"], "--prt"],
    [["serve", "--port", "many"], "A port is a number from 0 to 65535."],
    [["explain"], "missing required argument 'model'"],
    [["check", "one", "two"], "too many arguments"],
    [["explain", "default", "--within", "mars"], "two-letter country codes"],
    [["serve", "--set", "gateway.port"], "Write a path, an equals sign and a value."],
    [[], "Usage: headgate"],
  ])("refuses %j as misuse, with exit code 2", async (words, said) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(said);
  });
});

describe("headgate check", () => {
  it.each<ConfigFile>(["hybrid-hosted-first", "local-first", "lmstudio", "openai-compatible"])(
    "finds %s in order",
    async (name) => {
      const file = folder.config(readConfig(name));
      const outcome = await run(["check", "--json"], key);
      expect(outcome.code).toBe(0);
      expect(outcome.json()).toMatchObject({ file, ok: true, problems: [] });
    },
  );

  it.each(exampleConfigs)("finds the example %s in order", async (_, file) => {
    const names = [...readFileSync(file, "utf8").matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
    const outcome = await run(["check", file, "--json"], Object.fromEntries(names.map((name) => [name, "set"])));
    expect(outcome.json()).toMatchObject({ ok: true, problems: [] });
    expect((outcome.json() as { providers: { state: string }[] }).providers.map(({ state }) => state)).not.toContain(
      "disabled",
    );
  });

  it("counts the providers that are ready, and warns of a key that is not set", async () => {
    const file = folder.config(readConfig("hybrid-hosted-first"), "other.json5");
    const { code, stdout } = await run(["check", file]);
    expect(code).toBe(0);
    expect(stdout).toContain("warning: models.providers.anthropic.apiKey: ANTHROPIC_API_KEY is not set");
    expect(stdout).toContain("1 of 2 providers ready: lmstudio.");
  });

  it("names path, value and fix of each error, and exits with 1", async () => {
    const file = folder.config({
      agents: { defaults: { model: "lmstudio/a", models: { "lmstudio/a": { alias: "a/b" } } } },
      models: { providers: { lmstudio: { baseUrl: "htp://x" }, acme: { plugin: "./acme.js" } } },
    });
    const outcome = await run(["check", "--json"]);
    expect(outcome.code).toBe(1);
    expect(outcome.json()).toMatchObject({ file, ok: false });
    const { problems } = outcome.json() as {
      problems: { path: string; value?: string; message: string; fix: string }[];
    };
    expect(problems).toContainEqual(
      expect.objectContaining({
        severity: "error",
        path: "models.providers.lmstudio.baseUrl",
        value: '"htp://x"',
        fix: expect.stringContaining("http://127.0.0.1:1234/v1"),
        provider: "lmstudio",
      }),
    );
    expect(problems.map(({ path }) => path)).toContain('agents.defaults.models["lmstudio/a"].alias');
    const { code, stdout } = await run(["check"]);
    expect(code).toBe(1);
    expect(stdout).toContain('models.providers.lmstudio.baseUrl: not an http or https URL (found "htp://x")');
    expect(stdout).toContain("not in order");
  });

  it("loads plugins too: one that is missing is an error of its own row", async () => {
    folder.config(readConfig("lmstudio"));
    const set = ["--set", "models.providers.acme.plugin=./acme.js"];
    const outcome = await run(["check", "--json", ...set], key);
    expect(outcome.code).toBe(1);
    expect(outcome.json()).toMatchObject({
      ok: false,
      problems: [{ severity: "error", path: "models.providers.acme.plugin", provider: "acme" }],
      providers: expect.arrayContaining([{ id: "lmstudio", state: "ready" }]),
    });
  });

  it("never shows a key", async () => {
    folder.config(readConfig("lmstudio"));
    const { stdout, stderr } = await run(["check", "--set", "models.providers.lmstudio.apiKey={secret:'sk-1'}"], key);
    expect(stdout).toContain("models.providers.lmstudio.apiKey");
    expect(stdout + stderr).not.toContain("sk-1");
  });
});

describe("headgate explain", () => {
  it("names the candidates in order, with place and wires", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const outcome = await run(["explain", "sonnet", "--json"], key);
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toEqual({
      found: true,
      requested: "sonnet",
      route: "default",
      candidates: [
        {
          ref: "anthropic/claude-sonnet-4-5",
          places: ["unknown"],
          wires: {
            chat: { asked: "messages", exact: false },
            responses: { asked: "messages", exact: false },
            messages: { asked: "messages", exact: true },
          },
        },
        expect.objectContaining({ ref: "lmstudio/minimax-m2.1-gs32", places: ["local"] }),
        expect.objectContaining({ ref: "anthropic/claude-opus-4-6" }),
      ],
    });
    const { stdout } = await run(["explain", "sonnet"], key);
    expect(stdout).toContain("sonnet, by the route default: 3 candidates would be asked");
    expect(stdout).toMatch(/1 +anthropic\/claude-sonnet-4-5 +unknown +via messages +via messages +exact/);
    expect(stdout).not.toContain("SKIPPED");
  });

  it("says who is skipped and why: outside the boundary, or without a key", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const bounded = await run(["explain", "default", "--within", "local", "--json"], key);
    expect(bounded.json()).toMatchObject({
      within: ["local"],
      candidates: [
        { skipped: expect.stringContaining("outside the boundary local") },
        { ref: "lmstudio/minimax-m2.1-gs32" },
        {},
      ],
    });
    const keyless = await run(["explain", "default"]);
    expect(keyless.stdout).toContain("one candidate would be asked");
    expect(keyless.stdout).toContain("disabled: ANTHROPIC_API_KEY is not set");
  });

  it("offers near names for one that there is not, and exits with 1", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const { code, stderr } = await run(["explain", "Sonet"], key);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no model, alias or route "Sonet". Did you mean: "Sonnet"?');
    const json = await run(["explain", "Sonet", "--json"], key);
    expect(json).toMatchObject({ code: 1 });
    expect(json.json()).toMatchObject({ found: false, near: ["Sonnet"] });
  });
});

describe("headgate models", () => {
  it("lists aliases, routes and models with what is known of them", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const outcome = await run(["models", "--json"]);
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toEqual(
      expect.arrayContaining([
        {
          name: "MiniMax Local",
          kind: "alias",
          refs: ["lmstudio/minimax-m2.1-gs32"],
          provider: "lmstudio",
          contextWindow: 196608,
          maxTokens: 8192,
          places: ["local"],
          cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
          state: "ready",
        },
        expect.objectContaining({
          name: "default",
          kind: "route",
          state: "disabled",
          reason: expect.stringContaining("ANTHROPIC_API_KEY"),
        }),
        expect.objectContaining({ name: "anthropic/claude-opus-4-6", kind: "ref", contextWindow: 200000 }),
      ]),
    );
    const { stdout } = await run(["models"]);
    expect(stdout).toMatch(/^NAME +PROVIDER +CONTEXT +OUTPUT +PLACE/);
    expect(stdout).toMatch(
      /MiniMax Local +lmstudio +192Ki +8192|MiniMax Local +lmstudio +192Ki +8Ki +local +0 +0 +ready/,
    );
  });

  it("takes overrides alone for a config", async () => {
    const set = ["--set", "agents.defaults.model=lmstudio/qwen3-8b"];
    const outcome = await run(["models", "--json", ...set]);
    expect(outcome.json()).toEqual([
      expect.objectContaining({ name: "default", refs: ["lmstudio/qwen3-8b"] }),
      expect.objectContaining({ name: "lmstudio/qwen3-8b", state: "ready" }),
    ]);
  });
});

describe("headgate status", () => {
  let hosted: Simulator;
  let local: Simulator;
  beforeAll(async () => {
    hosted = await startSimulator({ kind: "anthropic", key: "sk-ant-very-secret" });
    local = await startSimulator({
      kind: "lmstudio",
      models: [{ id: "minimax-m2.1-gs32", loaded: false }, { id: "other" }],
    });
  });
  afterAll(async () => {
    await hosted.close();
    await local.close();
  });
  const sets = () => [
    ...["--set", `models.providers.anthropic.baseUrl=${hosted.baseUrl}`],
    ...["--set", `models.providers.lmstudio.baseUrl=${local.baseUrl}`],
  ];

  it("asks every provider, says which configured models are there, and loads none", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const outcome = await run(["status", "--json", ...sets()], key);
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toEqual([
      {
        id: "lmstudio",
        state: "ready",
        places: ["local"],
        wires: ["responses"],
        origins: [local.origin],
        reachable: true,
        latency: expect.any(Number),
        listed: 2,
        configured: [{ id: "minimax-m2.1-gs32", state: "not-loaded" }],
      },
      expect.objectContaining({
        id: "anthropic",
        reachable: true,
        configured: [
          { id: "claude-sonnet-4-5", state: "listed" },
          { id: "claude-opus-4-6", state: "listed" },
        ],
      }),
    ]);
    expect(outcome.stderr).toBe("Asking lmstudio, anthropic …\n");
    expect([...hosted.requests, ...local.requests].filter(({ wire }) => wire !== undefined)).toEqual([]);
    expect([...hosted.requests, ...local.requests, ...local.looks].every(({ method }) => method === "GET")).toBe(true);
    const { stdout } = await run(["status", ...sets()], key);
    expect(stdout).toMatch(/lmstudio +answers +local +responses +\d+ ms +2 +minimax-m2\.1-gs32 not loaded/);
  });

  it("says who does not answer and who is off, without a key in any word", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    const refusing = ["--set", "models.providers.lmstudio.baseUrl=http://127.0.0.1:9/v1"];
    const wrong = { ANTHROPIC_API_KEY: "sk-ant-wrong-one" };
    const answered = await run(["status", ...sets(), ...refusing], wrong);
    expect(answered.code).toBe(0);
    expect(answered.stdout).toMatch(/lmstudio: .*ECONNREFUSED/);
    expect(answered.stdout).toMatch(/anthropic: .*invalid x-api-key/);
    expect(answered.stdout + answered.stderr).not.toContain("sk-ant-wrong-one");
    const off = await run(["status", "--json", ...sets()]);
    expect(off.json()).toEqual([
      expect.objectContaining({ id: "lmstudio", reachable: true }),
      expect.objectContaining({
        id: "anthropic",
        state: "disabled",
        reason: expect.stringContaining("ANTHROPIC_API_KEY"),
      }),
    ]);
  });
});
