import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { type SimulatorOptions, startSimulator } from "@headgate/simulator";
import json5 from "json5";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runProgram(words, { cwd: folder.path, environment });
const ports = (...numbers: readonly number[]) => numbers.flatMap((port) => ["--port", String(port)]);
const file = () => join(folder.path, "headgate.json5");
const text = () => readFileSync(file(), "utf8");

/** A server of our own, for what no simulator does. */
async function listen(server: Server): Promise<{ port: number } & AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const { port, [Symbol.asyncDispose]: close } = await listen(createServer());
  await close();
  return port;
}

const models: SimulatorOptions["models"] = [
  { id: "qwen/qwen3-8b", contextWindow: 40_960 },
  { id: "big", loaded: false, contextWindow: 196_608 },
];

describe("headgate init", () => {
  it("explains itself, with an example and --json", async () => {
    const { code, stdout, stderr } = await run(["init", "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const word of ["headgate init", "Examples:", "--json", "--yes", "--force", "--port", "--output"]) {
      expect(stdout).toContain(word);
    }
  });

  it("writes a config of what answers, that is in order and says all it holds", async () => {
    await using lmstudio = await startSimulator({ kind: "lmstudio", models });
    await using vllm = await startSimulator({ kind: "vllm" });
    await using other = await startSimulator({ kind: "openai-compatible" });
    const outcome = await run(["init", "--yes", ...ports(lmstudio.port, vllm.port, other.port)]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/LM Studio +lmstudio +qwen\/qwen3-8b loaded, 40Ki\n +big not loaded, up to 192Ki/);
    expect(outcome.stdout).toMatch(/vLLM +vllm +my-model loaded, 120k/);
    expect(outcome.stdout).toContain(`Wrote ${file()}. Serve it with: headgate serve\n`);
    expect(json5.parse(text())).toEqual({
      agents: {
        defaults: {
          model: { primary: "lmstudio/qwen/qwen3-8b", fallbacks: ["vllm/my-model", "local/my-local-model"] },
          models: {
            "lmstudio/qwen/qwen3-8b": { alias: "qwen3-8b" },
            "lmstudio/big": { alias: "big" },
            "vllm/my-model": { alias: "my-model" },
            "local/my-local-model": { alias: "my-local-model" },
          },
        },
      },
      models: {
        mode: "merge",
        providers: {
          lmstudio: {
            baseUrl: lmstudio.baseUrl,
            models: [{ id: "qwen/qwen3-8b", contextWindow: 40_960 }, { id: "big" }],
          },
          vllm: { baseUrl: vllm.baseUrl, models: [{ id: "my-model", contextWindow: 120_000 }] },
          local: { baseUrl: other.baseUrl, models: [{ id: "my-local-model", contextWindow: 120_000 }] },
        },
      },
    });
    expect(await run(["check", "--json"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"problems": []'),
    });
    const keys = text().matchAll(/^\s*(\w+): (?!\{ alias)/gm);
    const lines = text().split("\n");
    const commented = ["model", "fallbacks", "models", "mode", "lmstudio", "baseUrl"];
    expect([...keys].map(([, key]) => key)).toEqual(expect.arrayContaining(commented));
    for (const key of commented) {
      const at = lines.findIndex((line) => line.trim().startsWith(`${key}: `));
      expect(lines[at - 1]?.trim(), key).toMatch(/^\/\/ /);
    }
  });

  it("loads nothing, generates nothing, and sends no key to a stranger", async () => {
    await using lmstudio = await startSimulator({ kind: "lmstudio", models });
    await using anthropic = await startSimulator({ kind: "anthropic" });
    const environment = { LM_API_TOKEN: "sk-lm-secret", ANTHROPIC_API_KEY: "sk-ant-secret" };
    await run(["init", "--yes", ...ports(lmstudio.port, anthropic.port)], environment);
    const asked = [...lmstudio.requests, ...lmstudio.looks, ...anthropic.requests];
    expect(asked.filter(({ method, wire }) => method !== "GET" || wire !== undefined)).toEqual([]);
    // Once it is known to be LM Studio, it is asked with LM Studio's key, as serve would; nobody else is.
    const withKey = asked.filter(({ headers }) => JSON.stringify(headers).includes("secret"));
    expect([...new Set(withKey.map(({ path }) => path))]).toEqual(["/api/v1/models"]);
    expect(anthropic.requests.some((request) => withKey.includes(request))).toBe(false);
  });

  it("puts hosted providers behind, by the names of their variables, and shows the other way round", async () => {
    await using lmstudio = await startSimulator({ kind: "lmstudio", models });
    const environment = { ANTHROPIC_API_KEY: "sk-ant-secret" };
    const outcome = await run(["init", "--yes", "--json", ...ports(lmstudio.port)], environment);
    const json = outcome.json() as { order: string[]; hosted: { model: string }[] };
    const ref = `anthropic/${json.hosted[0]?.model}`;
    expect(json).toMatchObject({
      hosted: [{ provider: "anthropic", variable: "ANTHROPIC_API_KEY" }],
      order: ["lmstudio/qwen/qwen3-8b", ref],
    });
    expect(text()).toContain("Its key is read from ANTHROPIC_API_KEY");
    expect(text() + outcome.stdout + outcome.stderr).not.toContain("sk-ant-secret");
    const turned = text()
      .replace(/^ *model: \{[\s\S]*?\n {6}\},$/m, "")
      .replace("// model:", "model:");
    expect(json5.parse(turned).agents.defaults.model).toEqual({ primary: ref, fallbacks: ["lmstudio/qwen/qwen3-8b"] });
    for (const each of [environment, {}]) expect(await run(["check"], each)).toMatchObject({ code: 0 });
  });

  it("says which servers want a key, and takes the one that there is", async () => {
    await using litellm = await startSimulator({ kind: "litellm", key: "sk-litellm-secret" });
    await using vllm = await startSimulator({ kind: "vllm", key: "sk-vllm-secret" });
    const words = ["init", "--yes", ...ports(litellm.port, vllm.port)];
    const keyless = await run(words);
    expect(keyless.code).toBe(0);
    expect(keyless.stdout).toMatch(/LiteLLM +litellm +LITELLM_API_KEY is not set/);
    expect(keyless.stdout).toMatch(/vLLM +vllm +.*Unauthorized/);
    expect(text()).toContain('// apiKey: "${LITELLM_API_KEY}",');
    expect(await run(["check"])).toMatchObject({ code: 0 });
    const environment = { LITELLM_API_KEY: "sk-litellm-secret", VLLM_API_KEY: "sk-vllm-secret" };
    const keyed = await run([...words, "--force"], environment);
    expect(keyed.stdout).toContain("The order: vllm/my-model, then litellm/my-alias.");
    expect(text()).not.toContain("secret");
    expect(text()).toContain("Its key is read from VLLM_API_KEY");
    expect((await run(["status", "--json"], environment)).json()).toMatchObject([{ listed: 1 }, { listed: 1 }]);
    expect(text()).toContain("its place is unknown");
  });

  it("gives two servers of a kind two rows, each of which its plugin is found for", async () => {
    await using first = await startSimulator({ kind: "vllm" });
    await using second = await startSimulator({ kind: "vllm" });
    await run(["init", "--yes", ...ports(first.port, second.port)]);
    expect(json5.parse(text()).models.providers).toMatchObject({
      vllm: { baseUrl: first.baseUrl },
      "vllm-2": { plugin: "@headgate/provider-vllm", baseUrl: second.baseUrl },
    });
    expect((await run(["check"])).stdout).toContain("2 of 2 providers ready");
  });

  it("tells of a server that nobody knows, and of one that hangs, and goes on", async () => {
    await using site = await listen(createHttpServer((_, response) => response.end("<html>")));
    await using silent = await listen(createServer((socket) => socket.on("error", () => {}).resume()));
    await using vllm = await startSimulator({ kind: "vllm" });
    const outcome = await run(["init", "--yes", "--json", ...ports(site.port, silent.port, vllm.port)]);
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toMatchObject({
      file: file(),
      written: true,
      servers: [
        { provider: "vllm", port: vllm.port, models: [{ id: "my-model", state: "loaded", contextWindow: 120_000 }] },
      ],
      strangers: [
        { port: site.port, what: "unknown" },
        { port: silent.port, what: "silent" },
      ],
      aliases: { "my-model": "vllm/my-model" },
      order: ["vllm/my-model"],
    });
  });

  it("takes no Headgate for a backend of Headgate", async () => {
    folder.config({ models: { providers: { local: { baseUrl: "http://127.0.0.1:9/v1" } } } }, "serving.json5");
    await using serving = startProgram(["serve", "--config", "serving.json5", "--port", "0"], { cwd: folder.path });
    const port = Number(new URL(await serving.url()).port);
    const outcome = await run(["init", "--yes", "--json", ...ports(port)]);
    expect(outcome.json()).toMatchObject({ written: false, servers: [], strangers: [{ port, what: "headgate" }] });
  });

  it("takes a stranger's words for words", async () => {
    const ids = ["${HOME}", 'a"},\n// x', "\u001b[2J", "x\u202ey", "b // c", "plain"];
    const list = JSON.stringify({ object: "list", data: ids.map((id) => ({ id })) });
    await using server = await listen(createHttpServer((_, response) => response.end(list)));
    const outcome = await run(["init", "--yes", ...ports(server.port)]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).not.toContain("\u001b");
    const listed = await run(["models", "--json"]);
    const refs = (listed.json() as { kind: string; name: string }[]).filter(({ kind }) => kind === "ref");
    expect(refs.map(({ name }) => name)).toEqual(["local/${HOME}", "local/b // c", "local/plain"]);
  });

  it("asks the plugins that the folder's own package depends on, too", async () => {
    const name = "headgate-provider-acme";
    const root = join(folder.path, "node_modules", name);
    mkdirSync(root, { recursive: true });
    writeFileSync(
      join(folder.path, "package.json"),
      JSON.stringify({ dependencies: { [name]: "1", "headgate-provider-gone": "1" } }),
    );
    writeFileSync(
      join(root, "package.json"),
      JSON.stringify({ name, version: "1.0.0", type: "module", exports: "./main.js" }),
    );
    const schema = '{ "~standard": { version: 1, vendor: "acme", validate: (value) => ({ value }) } }';
    const create =
      '({ baseUrl }) => ({ wires: { chat: "exact" }, origins: [new URL(baseUrl).origin], places: () => ["local"], models: async () => [{ id: "m" }] })';
    const recognise =
      'async (origin, ask) => (await ask(`${origin}/`)).text === "acme" ? { baseUrl: origin } : ask(origin, { method: "POST" })';
    writeFileSync(
      join(root, "main.js"),
      `export default { contract: 1, kind: "acme", config: ${schema}, create: ${create}, detect: { name: "Acme", ports: [], recognise: ${recognise} } };`,
    );
    const methods: unknown[] = [];
    const server = (said: string) =>
      createHttpServer((request, response) => {
        methods.push(request.method);
        response.end(said);
      });
    await using acme = await listen(server("acme"));
    await using other = await listen(server("other"));
    const outcome = await run(["init", "--yes", "--json", ...ports(acme.port, other.port)]);
    expect(outcome.json()).toMatchObject({
      servers: [{ provider: "acme", name: "Acme", plugin: name, models: [{ id: "m" }] }],
      strangers: [{ port: other.port }],
      order: ["acme/m"],
    });
    expect(outcome.stderr).toContain("Not looked for: headgate-provider-gone cannot be found");
    // What a plugin may not do at a stranger's is not done.
    expect(new Set(methods)).toEqual(new Set(["GET"]));
    expect(await run(["check"])).toMatchObject({ code: 0 });
  });
});

describe("where nothing is found", () => {
  it("headgate init says what to start, writes nothing, and exits with 1", async () => {
    const port = await closedPort();
    const { code, stderr } = await run(["init", "--yes", ...ports(port)]);
    expect(code).toBe(1);
    expect(existsSync(file())).toBe(false);
    for (const way of [
      "lms server start",
      "vllm serve",
      "litellm",
      "ollama serve",
      "ANTHROPIC_API_KEY",
      "--template",
    ]) {
      expect(stderr).toContain(way);
    }
    const json = await run(["init", "--yes", "--json", ...ports(port)]);
    expect(json.json()).toMatchObject({ written: false, servers: [], strangers: [], hosted: [], order: [] });
  });

  it("headgate init --template writes a file to fill in, that is in order", async () => {
    const { code } = await run(["init", "--yes", "--template", ...ports(await closedPort())]);
    expect(code).toBe(0);
    expect(text()).toMatch(/\/\/ lmstudio: \{ baseUrl: "http:\/\/127\.0\.0\.1:1234\/v1"/);
    expect(await run(["check"])).toMatchObject({ code: 0 });
    const filled = text().replace("// lmstudio:", "lmstudio:").replace("// vllm:", "vllm:");
    writeFileSync(file(), filled);
    expect((await run(["check"])).stdout).toContain("2 of 2 providers ready: lmstudio, vllm.");
  });
});

describe("a file that is there", () => {
  it.each([
    [["--yes"], 1, "Write over it with --force"],
    [[], 2, "Nobody is there to ask"],
  ])("is not written over with %j alone", async (words, code, said) => {
    folder.config("// mine");
    await using vllm = await startSimulator({ kind: "vllm" });
    const outcome = await run(["init", ...words, ...ports(vllm.port)]);
    expect([outcome.code, outcome.stdout, text()]).toEqual([code, "", "// mine"]);
    expect(outcome.stderr).toContain(said);
    expect(vllm.requests).toEqual([]);
  });

  it("is written over with --force, and left alone beside another --output", async () => {
    folder.config("// mine");
    await using vllm = await startSimulator({ kind: "vllm" });
    const other = await run(["init", "--yes", "--output", "deep/other.json5", ...ports(vllm.port)]);
    expect([other.code, text()]).toEqual([0, "// mine"]);
    expect(other.stdout).toContain("headgate serve --config deep/other.json5");
    expect(await run(["check", "deep/other.json5"])).toMatchObject({ code: 0 });
    expect(await run(["init", "--force", ...ports(vllm.port)])).toMatchObject({ code: 0 });
    expect(text()).toContain("Written by headgate init");
  });

  it("that cannot be written is said so", async () => {
    await using vllm = await startSimulator({ kind: "vllm" });
    mkdirSync(file());
    const { code, stderr } = await run(["init", "--force", ...ports(vllm.port)]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot be written: EISDIR")]);
  });
});
