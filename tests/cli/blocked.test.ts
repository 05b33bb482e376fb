import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ordinaryAccount, type Simulator, startSimulator } from "@headgate/simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

let folder: Folder;
let backend: Simulator;
beforeEach(async () => {
  folder = makeFolder();
  backend = await startSimulator({ kind: "openrouter", key: "sk-or-secret" });
  folder.config({
    agents: { defaults: { model: "openrouter/z-ai/glm-5" } },
    models: { providers: { openrouter: { baseUrl: backend.baseUrl, apiKey: "sk-or-secret", region: "us" } } },
    gateway: { stateDir: "./state", port: 0 },
  });
});
afterEach(async () => {
  await backend.close();
  folder.remove();
});

const run = (words: readonly string[]) => runProgram(words, { cwd: folder.path });
const file = () => join(folder.path, "state", "blocked.json");

function block(): void {
  mkdirSync(join(folder.path, "state"), { recursive: true });
  writeFileSync(file(), JSON.stringify({ openrouter: { reason: "it was elsewhere", since: 1 } }));
}

describe("headgate status", () => {
  it("says where the endpoints run that a region leaves", async () => {
    const { json, code } = await run(["status", "--json"]);
    expect(code).toBe(0);
    expect(json()).toEqual([
      expect.objectContaining({
        id: "openrouter",
        places: ["us"],
        reachable: true,
        configured: [{ id: "z-ai/glm-5", state: "listed" }],
      }),
    ]);
  });

  it("says that a provider is blocked, why, and how to let it be asked again", async () => {
    block();
    const { stdout } = await run(["status"]);
    expect(stdout).toMatch(/openrouter +blocked/);
    expect(stdout).toContain("it was elsewhere. Let it be asked again with: headgate status --reset openrouter");
    const explained = await run(["explain", "default", "--json"]);
    expect(JSON.stringify(explained.json())).toContain("blocked: it was elsewhere");
  });

  it("--reset lets it be asked again, and says when there was nothing to do", async () => {
    block();
    const reset = await run(["status", "--reset", "openrouter"]);
    expect([reset.code, reset.stderr]).toEqual([0, expect.stringContaining("openrouter is no longer blocked.")]);
    expect(reset.stdout).toMatch(/openrouter +answers/);
    expect(() => readFileSync(file())).toThrow("ENOENT");
    expect((await run(["status", "--reset", "openrouter"])).stderr).toContain("openrouter was not blocked.");
    expect(await run(["status", "--reset", "nobody"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no provider nobody"),
    });
  });
});

it("a provider that answers from elsewhere stays blocked for the next process, and a running one hears of the reset", async () => {
  await backend.close();
  backend = await startSimulator({
    kind: "openrouter",
    port: backend.port,
    key: "sk-or-secret",
    openrouter: { ...ordinaryAccount(), strays: "Alibaba" },
  });
  const say = async (url: string) => {
    const messages = [{ role: "user", content: "hi" }];
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages }),
    });
    return { status: reply.status, text: await reply.text() };
  };
  {
    await using first = startProgram(["serve"], { cwd: folder.path });
    expect((await say(await first.url())).status).toBe(200);
    first.signal("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.stderr).toContain('"msg":"blocked"');
  }
  expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({
    openrouter: { reason: expect.stringContaining("Alibaba") },
  });
  await using second = startProgram(["serve"], { cwd: folder.path });
  const url = await second.url();
  const refused = await say(url);
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Alibaba was asked")]);
  await run(["status", "--reset", "openrouter"]);
  await expect.poll(async () => (await say(url)).status, { timeout: 5000, interval: 100 }).toBe(200);
});
