import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ask } from "../harness/ask.ts";
import { readConfig } from "../harness/configs.ts";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

let hosted: Simulator;
let local: Simulator;
let folder: Folder;
beforeAll(async () => {
  hosted = await startSimulator({ kind: "anthropic", key: "sk-ant-very-secret" });
  local = await startSimulator({ kind: "lmstudio" });
});
afterAll(async () => {
  await hosted.close();
  await local.close();
});
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => {
  folder.remove();
  hosted.reset();
  local.reset();
});

const anthropicKey = { ANTHROPIC_API_KEY: "sk-ant-very-secret" };
const toSimulators = () => [
  "--set",
  `models.providers.anthropic.baseUrl=${hosted.baseUrl}`,
  "--set",
  `models.providers.lmstudio.baseUrl=${local.baseUrl}`,
];
const serve = (words: readonly string[] = [], environment: Readonly<Record<string, string>> = anthropicKey) =>
  startProgram(["serve", "--port", "0", ...toSimulators(), ...words], { cwd: folder.path, environment });
const chat = (url: string, body: object = {}, headers = {}) =>
  ask(`${url}/v1/chat/completions`, {
    headers,
    body: { model: "default", messages: [{ role: "user", content: "the prompt of this test" }], ...body },
  });
const logLines = (stderr: string): Record<string, unknown>[] =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

describe("headgate serve", () => {
  it("says exactly one line on stdout when it is ready, and serves there", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    await using program = serve();
    const url = await program.url();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const reply = await chat(url);
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe("anthropic/claude-sonnet-4-5");
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
    expect(program.stdout).toBe(`Headgate listening on ${url}\n`);
  });

  it("writes the ready line as JSON with --json", async () => {
    folder.config(readConfig("lmstudio"));
    await using program = serve(["--json"]);
    const { url } = JSON.parse(await program.until("\n"));
    expect((await ask(`${url}/health`)).status).toBe(200);
  });

  it("falls back to the local model when the hosted one is overloaded", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    hosted.fail({ kind: "status", status: 529 });
    await using program = serve();
    const reply = await chat(await program.url(), { stream: true });
    expect(reply.headers["x-headgate-model"]).toBe("lmstudio/minimax-m2.1-gs32");
    expect(reply.headers["x-headgate-attempts"]).toMatch(
      /^anthropic\/claude-sonnet-4-5:overloaded,.*lmstudio\/minimax-m2\.1-gs32:ok$/,
    );
  });

  it("serves the local model without ANTHROPIC_API_KEY, and says why the hosted one is off", async () => {
    folder.config(readConfig("hybrid-hosted-first"));
    await using program = serve([], {});
    const reply = await chat(await program.url());
    expect(reply.headers["x-headgate-model"]).toBe("lmstudio/minimax-m2.1-gs32");
    expect(reply.headers["x-headgate-attempts"]).toBe("lmstudio/minimax-m2.1-gs32:ok");
    expect(program.stderr).toContain("ANTHROPIC_API_KEY is not set");
    expect(program.stderr).toContain("Provider anthropic is off; the rest serves.");
    expect(hosted.requests).toEqual([]);
  });

  it("takes off a row with a fault alone, and says so", async () => {
    folder.config(readConfig("openai-compatible"));
    await using program = serve([
      "--set",
      "models.providers.local.baseUrl=nowhere",
      "--set",
      "models.providers.acme={}",
    ]);
    const health = await ask(`${await program.url()}/health`);
    expect(health.json).toMatchObject({ status: "ok" });
    expect(program.stderr).toContain("models.providers.local.baseUrl: ");
    expect(program.stderr).toContain("there is no plugin for acme");
  });

  it("takes its config from HEADGATE_CONFIG and from XDG_CONFIG_HOME", async () => {
    const file = folder.config(readConfig("lmstudio"), "elsewhere.json5");
    await using program = serve([], { HEADGATE_CONFIG: file });
    expect((await chat(await program.url())).status).toBe(200);
  });
});

describe("the log of headgate serve", () => {
  it("has one line for each request, without prompt, key or header", async () => {
    folder.config({
      ...(readConfig("hybrid-hosted-first") as object),
      gateway: { keys: [{ id: "laptop", key: "client-secret" }] },
    });
    hosted.failNext({
      kind: "status",
      status: 401,
      error: { message: "the prompt of this test; invalid key sk-ant-very-secret" },
    });
    await using program = serve();
    const url = await program.url();
    const headers = { authorization: "Bearer client-secret", "x-private": "header-secret" };
    await chat(url, { user: "body-secret" }, headers);
    await chat(url, { stream: true }, headers);
    program.signal("SIGTERM");
    await program.ended;
    const [first, second, ...rest] = logLines(program.stderr);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      level: "info",
      wire: "chat",
      stream: false,
      requested: "default",
      served: "lmstudio/minimax-m2.1-gs32",
      place: "local",
      attempts: ["anthropic/claude-sonnet-4-5:unauthenticated", "lmstudio/minimax-m2.1-gs32:ok"],
      status: 200,
      outcome: "ok",
      tokens: { input: expect.any(Number), output: expect.any(Number) },
      client: "laptop",
    });
    expect(first?.id).toEqual(expect.any(String));
    expect(first?.duration).toEqual(expect.any(Number));
    expect(second).toMatchObject({ stream: true, served: "anthropic/claude-sonnet-4-5", cost: expect.any(Number) });
    expect(program.stderr).not.toMatch(/the prompt of this test|secret/);
  });

  it("has a line for a request that is refused at the door, or fails", async () => {
    folder.config(readConfig("lmstudio"));
    await using program = serve();
    const url = await program.url();
    await ask(`${url}/v1/nothing?key=client-secret`);
    await ask(`${url}/v1/messages`, { headers: { origin: "https://evil.example" }, body: {} });
    await ask(`${url}/v1/responses?key=client-secret`, {
      headers: { "content-type": "application/json" },
      body: "{ the prompt of this test",
    });
    local.fail({ kind: "status", status: 400, error: { message: "bad: the prompt of this test" } });
    await chat(url);
    await chat(url, { model: "nobody" });
    program.signal("SIGTERM");
    await program.ended;
    const lines = logLines(program.stderr);
    expect(lines.map(({ status, outcome }) => [status, outcome])).toEqual([
      [404, "refused"],
      [403, "refused"],
      [400, "refused"],
      [400, "failed"],
      [404, "failed"],
    ]);
    expect(lines[0]).toMatchObject({ method: "GET", path: "/v1/nothing" });
    expect(lines[4]).toMatchObject({
      level: "warn",
      failure: "model_missing",
      reason: expect.stringContaining('"nobody"'),
    });
    expect(program.stderr).not.toMatch(/the prompt of this test|client-secret/);
  });

  it("is silent where gateway.logLevel says so", async () => {
    folder.config(readConfig("lmstudio"));
    await using program = serve(["--set", "gateway.logLevel=silent"]);
    await chat(await program.url());
    program.signal("SIGINT");
    expect(await program.ended).toBe(0);
    expect(logLines(program.stderr)).toEqual([]);
  });
});

describe("headgate serve does not start, and says the way out,", () => {
  const start = (...words: string[]) => runProgram(["serve", ...words], { cwd: folder.path });

  it("on a port that is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    folder.config(readConfig("lmstudio"));
    const { code, stdout, stderr } = await start("--port", String(port));
    other.close();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(stderr).toContain("--port 0");
  });

  it("without a config", async () => {
    const { code, stdout, stderr } = await start("--port", "0");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${folder.path}/headgate.json5`);
    expect(stderr).toContain(`${folder.path}/.config/headgate/headgate.json5`);
    expect(stderr).toContain("HEADGATE_CONFIG");
    expect(stderr).toContain("headgate demo");
  });

  it("on a config with errors that are not one provider's", async () => {
    folder.config({ gateway: { prot: 1 }, agents: { defaults: { model: { primary: "none" } } } });
    const { code, stdout, stderr } = await start();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("gateway.prot: unknown key");
    expect(stderr).toContain("did you mean port?");
    expect(stderr).toContain("The config has 2 errors");
  });

  it("on an address that other machines reach, without keys", async () => {
    folder.config(readConfig("lmstudio"));
    const { code, stderr } = await start("--host", "0.0.0.0", "--port", "0");
    expect(code).toBe(1);
    expect(stderr).toContain("gateway.host");
    expect(stderr).toContain("gateway.keys");
  });

  it("on a file that is no JSON5, naming line and column", async () => {
    folder.config("{\n  agents: {,}\n}");
    const { code, stderr } = await start();
    expect(code).toBe(1);
    expect(stderr).toContain("headgate.json5:2:12");
  });
});
