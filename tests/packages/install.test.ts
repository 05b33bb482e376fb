import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "@headgate/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAdapter } from "../../scripts/package-checks/package.ts";
import { startProgram } from "../cli/program.ts";
import { ask } from "../harness/ask.ts";
import { type Installed, type Shelf, stockShelf } from "./shelf.ts";
import { built, compile, writeSources, writeStranger } from "./stranger.ts";

let shelf: Shelf;

beforeAll(async () => {
  shelf = await stockShelf();
}, 60_000);
afterAll(() => shelf.close(), 60_000);

describe("an adapter, installed alone", () => {
  it("brings at most five packages, runs nothing at install, and is there to be imported", async () => {
    const adapters = shelf.packages.filter(isAdapter);
    expect(adapters.length).toBeGreaterThanOrEqual(4);
    const check = async (name: string): Promise<void> => {
      const installed = await shelf.install(name);
      expect(installed.packages.size, name).toBeLessThanOrEqual(5);
      expect([...installed.packages].filter(([, entry]) => entry.hasInstallScript)).toEqual([]);
      const script = `import plugin from "${name}"; console.log(plugin.contract, plugin.kind);`;
      expect(await installed.run("node", "--input-type=module", "-e", script)).toBe(
        `1 ${name.replace("@headgate/provider-", "")}\n`,
      );
    };
    await Promise.all(adapters.map(({ name }) => check(name)));
  }, 60_000);
});

describe("the conformance kit, installed alone", () => {
  it("runs as a command on a plugin beside it", async () => {
    const installed = await shelf.install("@headgate/provider-testkit");
    const plugin = "export default { contract: 1, kind: 'acme', config: {}, create() {} };";
    writeFileSync(join(installed.folder, "acme.js"), plugin);
    const bin = join(installed.folder, "node_modules/.bin/headgate-testkit");
    const report = installed.run(bin, "./acme.js");
    await expect(report).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining("BROKEN  plugin-shape") });
  }, 60_000);
});

describe("headgate, installed as the whole product", () => {
  it("says what it can do, and checks a config with every first-party adapter found by its name", async () => {
    const installed = await shelf.install("headgate");
    expect([...installed.packages].filter(([, entry]) => entry.hasInstallScript)).toEqual([]);
    const bin = join(installed.folder, "node_modules/.bin/headgate");
    const help = await installed.run(bin, "--help");
    for (const command of ["serve", "demo", "check", "explain", "models", "status"]) expect(help).toContain(command);
    const ids = shelf.packages.filter(isAdapter).map(({ name }) => name.replace("@headgate/provider-", ""));
    const providers = Object.fromEntries(ids.map((id) => [id, { baseUrl: "http://127.0.0.1:9/v1", apiKey: "a-key" }]));
    const config = { agents: { defaults: { model: "lmstudio/a-model" } }, models: { providers } };
    writeFileSync(join(installed.folder, "headgate.json5"), JSON.stringify(config));
    const report = JSON.parse(await installed.run(bin, "check", "--json")) as {
      readonly problems?: readonly unknown[];
    };
    expect(report.problems).toEqual([]);
  }, 60_000);
});

describe("a stranger's plugin, installed beside Headgate", () => {
  const names = ["headgate-provider-deep-sea", "a-plugin-of-mine"] as const;
  let installed: Installed;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "headgate-stranger-"));
    for (const name of names) await shelf.add(writeStranger(join(folder, name), name));
    rmSync(folder, { recursive: true });
    installed = await shelf.install("headgate", "@headgate/core", "@headgate/provider-testkit", "zod", ...names);
  }, 60_000);

  it.each([
    ["by the row's id", "deep-sea", undefined],
    ["by a relative path", "near", "./plugins/near.js"],
    ["by a name without a scope", "mine", "a-plugin-of-mine"],
  ])("is found %s, and answers", async (_, id, plugin) => {
    await using backend = await startSimulator({ kind: "openai-compatible", key: "a-key", models: [{ id: "deep" }] });
    mkdirSync(join(installed.folder, "plugins"), { recursive: true });
    writeFileSync(join(installed.folder, "plugins/near.js"), built);
    const row = { baseUrl: backend.baseUrl, apiKey: "a-key", plugin };
    const config = { agents: { defaults: { model: `${id}/deep` } }, models: { providers: { [id]: row } } };
    writeFileSync(join(installed.folder, "headgate.json5"), JSON.stringify(config));
    const bin = join(installed.folder, "node_modules/headgate/bin/headgate.js");
    await using program = startProgram(["serve", "--port", "0"], { cwd: installed.folder, bin });
    const body = { messages: [{ role: "user", content: "Hello" }] };
    const reply = await ask(`${await program.url()}/v1/chat/completions`, { body });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe(`${id}/deep`);
    expect(backend.requests).toMatchObject([{ path: "/v1/chat/completions", body: { model: "deep" } }]);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])(
    "is typed by the packages (module %s, moduleResolution %s), and does not compile where it is wrong",
    async (...how) => {
      writeSources(installed.folder, names[0]);
      expect(await compile(installed.folder, ...how)).toEqual([expect.stringMatching(/^wrong\.ts\(.*"perfect"/)]);
    },
  );
});
