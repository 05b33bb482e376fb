import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { faults, type Simulator, type SimulatorOptions, startSimulator } from "@headgate/simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checks } from "../../packages/gateway/src/cli/doctor/finding.ts";
import { type Folder, makeFolder, runProgram } from "./program.ts";

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runProgram(["doctor", ...words], { cwd: folder.path, environment });

interface Finding {
  readonly provider: string;
  readonly model?: string;
  readonly check: string;
  readonly level: string;
  readonly seen: string;
  readonly fix?: string;
}

/** Examines one row, and gives back what is not in order, or all of one check. */
async function examine(providers: object, more: object = {}, environment: Readonly<Record<string, string>> = {}) {
  folder.config({ models: { providers }, ...more });
  const outcome = await run(["--json"], environment);
  const { ok, findings } = outcome.json() as { ok: boolean; findings: readonly Finding[] };
  expect(outcome.code).toBe(ok ? 0 : 1);
  expect(ok).toBe(findings.every(({ level }) => level !== "broken"));
  for (const { level, fix } of findings) expect(fix === undefined).toBe(level === "ok" || level === "skipped");
  return {
    ...outcome,
    findings,
    troubles: findings.filter(({ level }) => level === "warning" || level === "broken"),
    of: (check: string) => findings.filter((finding) => finding.check === check),
  };
}

const posts = ({ requests }: Simulator) => requests.filter(({ method }) => method !== "GET");
const row = ({ baseUrl }: Simulator, ...models: readonly object[]) => ({ baseUrl, models });

describe("headgate doctor", () => {
  it("explains itself, with an example and --json", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const word of ["headgate doctor", "Examples:", "--json", "--quick", "--set <path=value>"]) {
      expect(stdout).toContain(word);
    }
  });

  it("says of what is in order how it is, and exits with 0", async () => {
    await using vllm = await startSimulator({ kind: "vllm" });
    const { findings, code } = await examine({ vllm: row(vllm, { id: "my-model", contextWindow: 120_000 }) });
    expect(code).toBe(0);
    expect(findings.map(({ model, check, level }) => [model, check, level])).toEqual([
      [undefined, "reachable", "ok"],
      [undefined, "key", "ok"],
      ["my-model", "wire", "ok"],
      ["my-model", "model", "ok"],
      ["my-model", "window", "ok"],
      ["my-model", "tools", "ok"],
    ]);
    const { stdout, stderr } = await run([]);
    expect(stdout).toMatch(/vllm +reachable +ok +answers in \d+ ms/);
    expect(stdout).toContain("Nothing is broken.");
    expect(stderr).toBe("Asking vllm …\n");
  });

  it("tries a tool on what is loaded here, and sends nothing to what is not, or is not here", async () => {
    await using lmstudio = await startSimulator({
      kind: "lmstudio",
      models: [{ id: "warm" }, { id: "cold", loaded: false }],
    });
    await using hosted = await startSimulator({ kind: "anthropic", key: "sk-ant-secret" });
    const rows = {
      lmstudio: row(lmstudio, { id: "warm" }, { id: "cold" }),
      anthropic: { ...row(hosted, { id: "claude-sonnet-4-5" }), apiKey: "sk-ant-secret", place: "us" },
    };
    const { troubles, of, code } = await examine(rows);
    expect(code).toBe(0);
    expect(of("tools").map(({ model, level }) => [model, level])).toEqual([
      ["warm", "ok"],
      ["cold", "skipped"],
      ["claude-sonnet-4-5", "skipped"],
    ]);
    expect(troubles).toEqual([expect.objectContaining({ model: "cold", check: "model", level: "warning" })]);
    expect([posts(lmstudio).map(({ model }) => model), posts(hosted)]).toEqual([["warm"], []]);
    await run(["--quick"]);
    expect(posts(lmstudio)).toHaveLength(1);
    const reply = await fetch(`${lmstudio.origin}/api/v0/models`);
    const { data } = (await reply.json()) as { data: { id: string; state: string }[] };
    expect(data.map(({ id, state }) => [id, state])).toEqual([
      ["warm", "loaded"],
      ["cold", "not-loaded"],
    ]);
  });

  it("looks where the endpoints of a pinned provider run, and says when it is blocked", async () => {
    await using openrouter = await startSimulator({ kind: "openrouter", key: "sk-or-secret" });
    const pinned = { ...row(openrouter, { id: "z-ai/glm-5" }), apiKey: "sk-or-secret", region: "us" };
    const more = { gateway: { stateDir: "./state" }, within: "us" };
    const { troubles, of } = await examine({ openrouter: pinned }, more);
    expect(troubles).toEqual([]);
    expect(of("border")).toEqual([
      expect.objectContaining({ model: "z-ai/glm-5", level: "ok", seen: "it runs at us" }),
    ]);
    mkdirSync(join(folder.path, "state"), { recursive: true });
    const blocks = { openrouter: { reason: "it was elsewhere", since: 1 } };
    writeFileSync(join(folder.path, "state", "blocked.json"), JSON.stringify(blocks));
    expect((await examine({ openrouter: pinned }, more)).of("blocked")).toEqual([
      expect.objectContaining({
        level: "broken",
        seen: expect.stringContaining("it was elsewhere"),
        fix: expect.stringContaining("headgate status --reset openrouter"),
      }),
    ]);
    expect((await examine({ openrouter: pinned }, { ...more, within: "eu" })).of("border")).toEqual([
      expect.objectContaining({ level: "warning", seen: expect.stringContaining("not asked") }),
    ]);
  });

  it("has every check on its page", () => {
    const page = readFileSync(new URL("../../docs/backends.md", import.meta.url), "utf8");
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, check]) => check)).toEqual([...checks]);
  });

  it("says that there is no config as every command does", async () => {
    expect(await run([])).toMatchObject({ code: 1, stderr: expect.stringContaining("No config file was found.") });
  });
});

/** One fault a row: who is started, what the row says, and what the doctor says. */
const cases: readonly {
  readonly name: string;
  readonly backend?: SimulatorOptions;
  readonly make: (backend: Simulator) => object;
  readonly more?: object;
  readonly prepare?: (backend: Simulator) => void | Promise<void>;
  readonly finds: Partial<Finding>;
  readonly seen: RegExp;
  readonly fix: RegExp;
}[] = [
  {
    name: "a server that is not running",
    backend: { kind: "vllm" },
    make: (backend) => ({ vllm: row(backend) }),
    prepare: (backend) => backend.refuse(),
    finds: { check: "reachable", level: "broken" },
    seen: /ECONNREFUSED/,
    fix: /start it \(vllm serve MODEL\), or correct models\.providers\.vllm\.baseUrl/,
  },
  {
    name: "a path without a model list",
    backend: { kind: "lmstudio" },
    make: ({ origin }) => ({ lmstudio: { baseUrl: `${origin}/somewhere/v1` } }),
    finds: { check: "path", level: "broken" },
    seen: /no model list below .*somewhere/,
    fix: /write baseUrl: "http:\/\/127\.0\.0\.1:\d+\/v1"/,
  },
  {
    name: "a server that is none",
    backend: { kind: "vllm" },
    make: ({ origin }) => ({ other: { baseUrl: `${origin}/nothing/v3` } }),
    finds: { check: "path", level: "broken" },
    seen: /no model list below/,
    fix: /write baseUrl/,
  },
  {
    name: "a key that is wanted",
    backend: { kind: "vllm", key: "sk-secret" },
    make: (backend) => ({ vllm: row(backend) }),
    finds: { check: "key", level: "broken" },
    seen: /it wants a key, and none is sent/,
    fix: /set VLLM_API_KEY where Headgate starts, or write an apiKey/,
  },
  {
    name: "a key that is refused",
    backend: { kind: "lmstudio", key: "sk-secret" },
    make: (backend) => ({ lmstudio: { ...row(backend), apiKey: "sk-wrong-one" } }),
    finds: { check: "key", level: "broken" },
    seen: /it refuses the key/,
    fix: /write another apiKey in models\.providers\.lmstudio/,
  },
  {
    name: "a key that a provider cannot do without",
    make: () => ({ anthropic: {} }),
    finds: { check: "key", level: "broken" },
    seen: /ANTHROPIC_API_KEY is not set/,
    fix: /set ANTHROPIC_API_KEY/,
  },
  {
    name: "a variable that is not set",
    make: () => ({ anthropic: { apiKey: "${MY_KEY}" } }),
    finds: { check: "key", level: "broken" },
    seen: /MY_KEY is not set/,
    fix: /set MY_KEY where Headgate starts/,
  },
  {
    name: "a row that is wrong",
    make: () => ({ lmstudio: { baseUrl: "htp://x" } }),
    finds: { check: "row", level: "broken" },
    seen: /baseUrl|URL/,
    fix: /http:\/\/127\.0\.0\.1:1234\/v1/,
  },
  {
    name: "a wire that it does not speak",
    make: () => ({ anthropic: { api: "openai-completions", apiKey: "sk-1" } }),
    finds: { check: "wire", level: "broken" },
    seen: /name none that this provider speaks/,
    fix: /write one of messages/,
  },
  {
    name: "the wrong plugin",
    backend: { kind: "lmstudio" },
    make: (backend) => ({ mine: row(backend) }),
    finds: { check: "plugin", level: "warning" },
    seen: /it is LM Studio, asked as openai-compatible is/,
    fix: /write plugin: "@headgate\/provider-lmstudio" in models\.providers\.mine/,
  },
  {
    name: "a model that is not there",
    backend: { kind: "lmstudio", models: [{ id: "qwen3-8b" }, { id: "other" }] },
    make: (backend) => ({ lmstudio: row(backend, { id: "qwen3-9b" }) }),
    finds: { model: "qwen3-9b", check: "model", level: "broken" },
    seen: /its list does not name it; it has qwen3-8b, other/,
    fix: /write "lmstudio\/qwen3-8b"/,
  },
  {
    name: "a model that sleeps",
    backend: { kind: "vllm", models: [{ id: "m", loaded: false }] },
    make: (backend) => ({ vllm: row(backend, { id: "m" }) }),
    finds: { model: "m", check: "model", level: "warning" },
    seen: /not loaded/,
    fix: /load/,
  },
  {
    name: "a window that is smaller than written",
    backend: { kind: "lmstudio", models: [{ id: "m", contextWindow: 32_768 }] },
    make: (backend) => ({ lmstudio: row(backend, { id: "m", contextWindow: 131_072 }) }),
    finds: { model: "m", check: "window", level: "warning" },
    seen: /131072 tokens written, 32768 there/,
    fix: /write contextWindow: 32768/,
  },
  {
    name: "a window that is too short for tool work",
    backend: { kind: "lmstudio", models: [{ id: "m", contextWindow: 4096 }] },
    make: (backend) => ({ lmstudio: row(backend, { id: "m" }) }),
    finds: { model: "m", check: "window", level: "warning" },
    seen: /4096 tokens/,
    fix: /load it with 16384 tokens or more/,
  },
  {
    name: "a tool parser that is off",
    backend: { kind: "vllm" },
    make: (backend) => ({ vllm: row(backend, { id: "my-model" }) }),
    prepare: (backend) => backend.fail(faults.vllm.toolsOff()),
    finds: { model: "my-model", check: "tools", level: "broken" },
    seen: /--enable-auto-tool-choice and --tool-call-parser/,
    fix: /so that it takes tools, or write tools: false/,
  },
  {
    name: "a model that breaks down",
    backend: { kind: "vllm" },
    make: (backend) => ({ vllm: row(backend, { id: "my-model" }) }),
    prepare: (backend) => backend.fail(faults.vllm.serverError()),
    finds: { model: "my-model", check: "tools", level: "broken" },
    seen: /a request with a tool failed/,
    fix: /log/,
  },
  {
    name: "a small and heavily quantised model",
    backend: { kind: "vllm", models: [{ id: "llama-3.2-1b-q2_k" }] },
    make: (backend) => ({ vllm: row(backend, { id: "llama-3.2-1b-q2_k" }) }),
    finds: { model: "llama-3.2-1b-q2_k", check: "size", level: "warning" },
    seen: /1 billion parameters and 2 bits a weight/,
    fix: /a larger one/,
  },
  {
    name: "a place outside the boundary",
    backend: { kind: "vllm" },
    make: (backend) => ({ vllm: { ...row(backend, { id: "my-model" }), place: "us" } }),
    more: { within: "local" },
    finds: { check: "border", level: "warning" },
    seen: /not asked: it runs at us, outside the boundary local/,
    fix: /models\.providers\.vllm\.place/,
  },
  {
    name: "a model with a boundary of its own",
    backend: { kind: "vllm" },
    make: (backend) => ({ vllm: { ...row(backend, { id: "my-model", within: "eu" }), place: "us" } }),
    finds: { model: "my-model", check: "border", level: "warning" },
    seen: /outside the boundary eu/,
    fix: /take it out of the order/,
  },
  {
    name: "a model without a wire",
    backend: { kind: "vllm" },
    make: (backend) => ({
      vllm: row(backend, { id: "my-model", wires: ["openai-responses"] }),
      lmstudio: { api: "openai-completions", baseUrl: backend.baseUrl, models: [{ id: "x", api: "openai-responses" }] },
    }),
    finds: { model: "x", check: "wire", level: "broken" },
    seen: /it speaks no wire/,
    fix: /leave api and wires out/,
  },
];

describe("headgate doctor finds", () => {
  it.each(cases.map((one) => [one.name, one] as const))("%s, and the way out", async (_, one) => {
    const { backend: options = { kind: "openai-compatible" }, make, more, prepare, finds, seen, fix } = one;
    await using backend = await startSimulator(options);
    const providers = make(backend);
    await prepare?.(backend);
    const { troubles, stdout, stderr } = await examine(providers, more);
    expect(troubles).toContainEqual(
      expect.objectContaining({ ...finds, seen: expect.stringMatching(seen), fix: expect.stringMatching(fix) }),
    );
    expect(stdout + stderr).not.toMatch(/sk-(secret|wrong-one)/);
    if (one.more !== undefined) expect(backend.requests).toEqual([]);
  });

  it("a server that takes connections and says nothing", async () => {
    const server = createServer((socket) => socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { troubles } = await examine({ mine: { baseUrl: `http://127.0.0.1:${port}/v1`, models: [{ id: "m" }] } });
    server.close();
    expect(troubles).toEqual([
      expect.objectContaining({
        check: "reachable",
        level: "broken",
        seen: expect.stringMatching(/no answer within 5 s/),
      }),
    ]);
  });

  it("several faults at once, each told with its fix", async () => {
    await using backend = await startSimulator({ kind: "lmstudio", models: [{ id: "tiny-1b", contextWindow: 2048 }] });
    folder.config({ models: { providers: { lmstudio: row(backend, { id: "tiny-1b" }, { id: "gone" }) } } });
    const { code, stdout } = await run([]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/lmstudio\/tiny-1b +wire +ok/);
    expect(stdout).toMatch(/window +warning +2048 tokens.*\n +fix: load it with 16384/);
    expect(stdout).toMatch(/size +warning +1 billion parameters/);
    expect(stdout).toMatch(/lmstudio\/gone[\s\S]*model +broken +its list does not name it; it has tiny-1b\n +fix: /);
    expect(stdout).toContain("1 broken, 2 warnings.");
  });
});
