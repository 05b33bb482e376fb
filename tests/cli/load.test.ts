import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

describe("headgate load", () => {
  let folder: Folder;
  let local: Simulator;
  beforeAll(async () => {
    folder = makeFolder();
    local = await startSimulator({
      kind: "lmstudio",
      models: [{ id: "qwen3-8b", loaded: false }, { id: "qwen3-4b" }],
    });
    folder.config({
      agents: { defaults: { model: "lmstudio/qwen3-8b", models: { "lmstudio/qwen3-4b": { alias: "Small" } } } },
      models: {
        providers: {
          lmstudio: { baseUrl: local.baseUrl },
          anthropic: { apiKey: "sk-ant-x", models: [{ id: "claude" }] },
          abroad: { plugin: "@headgate/provider-lmstudio", baseUrl: local.baseUrl, place: "us", within: "eu" },
        },
      },
    });
  });
  beforeEach(() => local.reset());
  afterAll(async () => {
    folder.remove();
    await local.close();
  });
  const run = (...words: string[]) => runProgram(["load", ...words], { cwd: folder.path });

  it("has a model loaded, once, and leaves one alone that is there", async () => {
    const first = await run("default");
    expect([first.code, first.stderr]).toEqual([0, "Loading default …\n"]);
    expect(first.stdout).toMatch(/^lmstudio\/qwen3-8b is loaded in \d+\.\d s\.\n$/);
    const second = await run("lmstudio/qwen3-8b", "--json");
    expect(second.json()).toEqual({
      ok: true,
      ref: "lmstudio/qwen3-8b",
      loaded: false,
      duration: expect.any(Number),
    });
    expect((await run("small")).stdout).toBe("lmstudio/qwen3-4b is in memory already.\n");
    expect(local.loads.begun).toEqual(["qwen3-8b"]);
  });

  it("waits for the load", async () => {
    local.loads.hold();
    await using program = startProgram(["load", "default"], { cwd: folder.path });
    await local.waitFor(({ path }) => path === "/api/v1/chat");
    expect(program.stdout).toBe("");
    local.loads.release();
    expect(await program.ended).toBe(0);
    expect(program.stdout).toContain("is loaded");
  });

  it.each([
    ["a name that stands for nothing", "lmstudo/qwen3-8b", 'Did you mean: "lmstudio/qwen3-8b"'],
    ["a model that the backend does not have", "lmstudio/qwen3-9b", "It has: lmstudio/qwen3-8b, lmstudio/qwen3-4b."],
    ["a provider that loads nothing", "anthropic/claude", "anthropic has no way to have a model loaded"],
    ["a place outside the boundary", "abroad/qwen3-8b", "outside the boundary eu"],
  ])("says what is wrong with %s", async (_what, name, words) => {
    const outcome = await run(name);
    expect([outcome.code, outcome.stdout]).toEqual([1, ""]);
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).not.toContain("sk-ant-x");
    expect((await run(name, "--json")).json()).toMatchObject({ ok: false, message: expect.any(String) });
    expect(local.loads.begun).toEqual([]);
  });

  it("says why a load has failed, and that nobody is there", async () => {
    local.loads.failNext();
    const failed = await run("default");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(
      "lmstudio/qwen3-8b could not be loaded (overloaded): LM Studio has not enough memory",
    );
    await local.refuse();
    const refused = await run("default", "--json");
    await local.listen();
    expect(refused.code).toBe(1);
    expect(refused.json()).toMatchObject({ ok: false, ref: "lmstudio/qwen3-8b", kind: "unreachable", near: [] });
  });
});

describe("headgate status", () => {
  it("says of a server that still starts that its model is loading", async () => {
    const folder = makeFolder();
    await using llama = await startSimulator({ kind: "openai-compatible" });
    llama.loads.hold();
    folder.config({
      models: { providers: { llama: { baseUrl: llama.baseUrl, models: [{ id: "my-local-model" }] } } },
    });
    const outcome = await runProgram(["status", "--json"], { cwd: folder.path });
    folder.remove();
    expect(outcome.json()).toMatchObject([
      { id: "llama", reachable: false, configured: [{ id: "my-local-model", state: "loading" }] },
    ]);
    expect(llama.requests.every(({ method }) => method === "GET")).toBe(true);
  });
});
