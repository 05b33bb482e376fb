import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAdapter } from "../../scripts/package-checks/package.ts";
import { type Shelf, stockShelf } from "./shelf.ts";

let shelf: Shelf;

beforeAll(async () => {
  shelf = await stockShelf();
}, 60_000);
afterAll(() => shelf.close());

describe("an adapter, installed alone", () => {
  it("brings at most five packages, runs nothing at install, and is there to be imported", async () => {
    const adapters = shelf.packages.filter(isAdapter);
    expect(adapters.length).toBeGreaterThanOrEqual(4);
    for (const { name } of adapters) {
      const installed = await shelf.install(name);
      expect(installed.packages.size, name).toBeLessThanOrEqual(5);
      expect([...installed.packages].filter(([, entry]) => entry.hasInstallScript)).toEqual([]);
      const script = `import plugin from "${name}"; console.log(plugin.contract, plugin.kind);`;
      expect(await installed.run("node", "--input-type=module", "-e", script)).toBe(
        `1 ${name.replace("@headgate/provider-", "")}\n`,
      );
    }
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
