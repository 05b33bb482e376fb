import { describe, expect, it } from "vitest";
import { checkPlugin, type HostContract } from "./plugin-check.ts";
import type { ProviderPlugin } from "./provider/index.ts";
import { createRouter } from "./router.ts";

const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } };
const provider = { wires: { chat: "exact" }, origins: ["http://127.0.0.1:9"], places: () => ["local"] };

/** A plugin as contract 2 might want it: what was `create` is called `make`, the rest is as it was. */
const plugins: Readonly<Record<number, object>> = {
  0: { contract: 0 },
  1: { contract: 1, kind: "acme", config: schema, create: () => provider },
  2: { contract: 2, kind: "acme", config: schema, create: () => ({ ...provider, news: true }) },
  3: { contract: 3 },
};

const second: HostContract = {
  current: 2,
  upgrade: (plugin) => ({
    ...plugin,
    contract: 2,
    create: (settings: unknown) => ({ ...(plugin.create as (settings: unknown) => object)(settings), news: false }),
  }),
};

describe("a host of contract 2 that can upgrade", () => {
  it.each([
    [1, false],
    [2, true],
  ])("takes a plugin of contract %i as one of its own", (contract, news) => {
    const { plugin, fault } = checkPlugin(plugins[contract], "acme", second);
    expect(fault).toBeUndefined();
    expect(plugin).toMatchObject({ contract: 2, kind: "acme" });
    expect(plugin?.create({})).toEqual({ ...provider, news });
  });

  it("leaves the older plugin itself as it was", () => {
    checkPlugin(plugins[1], "acme", second);
    expect(plugins[1]).toMatchObject({ contract: 1 });
  });

  it.each([
    [0, "update acme to a version for contract 2"],
    [3, "update Headgate, or install a version of acme for contract 2"],
  ])("refuses contract %i and names the way out", (contract, fix) => {
    const message = `acme speaks contract ${contract}, this Headgate speaks contracts 1 and 2`;
    expect(checkPlugin(plugins[contract], "acme", second).fault).toEqual({ message, fix });
  });

  it("refuses an older plugin whose upgrade fails, or makes none of it", () => {
    const throwing: HostContract = { current: 2, upgrade: () => JSON.parse("{") };
    const lossy: HostContract = { current: 2, upgrade: ({ create, ...rest }) => ({ ...rest, contract: 2 }) };
    expect(checkPlugin(plugins[1], "acme", throwing).fault?.message).toMatch(
      /^acme is not a provider plugin: reading it/,
    );
    expect(checkPlugin(plugins[1], "acme", lossy).fault?.message).toMatch(/create is not a function$/);
  });
});

describe("a host that can upgrade nothing", () => {
  it.each([0, 1, 3])("of contract 2 refuses contract %i", (contract) => {
    const message = `acme speaks contract ${contract}, this Headgate speaks contract 2`;
    expect(checkPlugin(plugins[contract], "acme", { current: 2 }).fault).toMatchObject({ message });
  });
});

describe("plugins that are given to a router in code", () => {
  const start = (given: ReadonlyMap<string, unknown>) =>
    createRouter({
      config: { models: { providers: { acme: {}, good: {} } } },
      plugins: given as ReadonlyMap<string, ProviderPlugin>,
    });

  it.each([
    ["another contract", { contract: 2 }, "the plugin of acme speaks contract 2, this Headgate speaks contract 1"],
    ["no contract", {}, "the plugin of acme is not a provider plugin: contract is not 1"],
    ["no schema", { contract: 1, kind: "acme" }, "the plugin of acme is not a provider plugin: config is no"],
  ])("are refused alone where they have %s", (_, bad, message) => {
    const { providers, problems } = start(
      new Map<string, unknown>([
        ["acme", bad],
        ["good", plugins[1]],
      ]),
    );
    expect(providers.get("acme")?.disabled).toContain(message);
    expect(providers.get("good")?.disabled).toBeUndefined();
    expect(problems).toMatchObject([
      { path: "models.providers.acme", provider: "acme", message: expect.stringContaining(message) },
    ]);
    expect(problems[0]?.fix).toMatch(/^(update Headgate|name another plugin), or /);
  });
});
