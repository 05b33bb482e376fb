import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseConfig } from "@headgate/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPlugins } from "./load.ts";

const schema = `{ "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } }`;
const create = `() => ({ wires: {}, origins: [] })`;
const good = (kind: string) => `export default { contract: 1, kind: "${kind}", config: ${schema}, create: ${create} };`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-plugins-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A package that can be imported and not required, as most plugins are. */
function install(name: string, text: string, under = "config"): void {
  const root = `${under}/node_modules/${name}`;
  const exports = { ".": { import: "./dist/main.js" } };
  write(`${root}/package.json`, JSON.stringify({ name, version: "1.0.0", type: "module", exports }));
  write(`${root}/dist/main.js`, text);
}

async function load(value: unknown, deadline?: number) {
  const { config, problems } = parseConfig(value, {});
  expect(problems.filter(({ provider }) => provider === undefined)).toEqual([]);
  const from = pathToFileURL(join(folder, "product/bin/headgate.js")).href;
  const loaded = await loadPlugins({ config, folder: join(folder, "config"), from, ...(deadline && { deadline }) });
  const kinds = Object.fromEntries([...loaded.plugins].map(([id, { plugin }]) => [id, plugin.kind]));
  const packages = Object.fromEntries([...loaded.plugins].map(([id, entry]) => [id, entry.package]));
  return { kinds, packages, problems: loaded.problems };
}

const rows = (providers: unknown) => ({ models: { providers } });

describe("a plugin is found", () => {
  it("at a path from the config's folder", async () => {
    write("config/my plugin.js", good("mine"));
    const { kinds, packages, problems } = await load(rows({ acme: { plugin: "./my plugin.js" } }));
    expect(problems).toEqual([]);
    expect(kinds).toEqual({ acme: "mine" });
    expect(packages).toEqual({ acme: "./my plugin.js" });
  });

  it("by the package's name that the row gives, import-only exports included", async () => {
    install("@someone/else", good("else"));
    expect((await load(rows({ acme: { plugin: "@someone/else" } }))).kinds).toEqual({ acme: "else" });
  });

  it("under the scope before the name without one, and both before the generic one", async () => {
    install("@headgate/provider-acme", good("scoped"));
    install("headgate-provider-acme", good("unscoped"));
    install("headgate-provider-other", good("unscoped"));
    install("@headgate/provider-openai-compatible", good("generic"));
    const baseUrl = "http://127.0.0.1:9/v1";
    const { packages } = await load(rows({ acme: { baseUrl }, other: { baseUrl }, third: { baseUrl } }));
    expect(packages).toEqual({
      acme: "@headgate/provider-acme",
      other: "headgate-provider-other",
      third: "@headgate/provider-openai-compatible",
    });
  });

  it("in the config's folder before what started Headgate", async () => {
    install("headgate-provider-a", good("near"));
    install("headgate-provider-a", good("far"), "product");
    install("headgate-provider-b", good("far"), "product");
    expect((await load(rows({ a: {}, b: {} }))).kinds).toEqual({ a: "near", b: "far" });
  });

  it("for a ref whose provider has no row", async () => {
    install("headgate-provider-acme", good("acme"));
    const { kinds } = await load({ agents: { defaults: { model: "acme/small" } } });
    expect(kinds).toEqual({ acme: "acme" });
  });
});

describe("a bad plugin disables its own provider alone, in one line", () => {
  const bad = async (text: string) => {
    install("headgate-provider-bad", text);
    install("headgate-provider-good", good("good"));
    const { kinds, problems } = await load(rows({ bad: {}, good: {} }));
    expect(kinds).toEqual({ good: "good" });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", path: "models.providers.bad", provider: "bad" });
    expect(problems[0]?.message).not.toContain("\n");
    return problems[0];
  };
  const plugin = (fields: string) =>
    `export default { contract: 1, kind: "bad", config: ${schema}, create: ${create}, ${fields} };`;
  const noPlugin = "headgate-provider-bad is not a provider plugin: ";

  it.each([
    ["throws", `throw new Error("no luck\\nat all");`, "headgate-provider-bad cannot be loaded: no luck"],
    ["has no default export", "export const plugin = 1;", `${noPlugin}its default export is no object`],
    ["exports a text", `export default "plugin";`, `${noPlugin}its default export is no object`],
    ["has no contract", "export default {};", `${noPlugin}contract is not 1`],
    ["has no kind", plugin("kind: 5"), `${noPlugin}kind is not a text`],
    ["has no schema", plugin("config: {}"), `${noPlugin}config is no Standard Schema of version 1`],
    ["creates nothing", plugin("create: {}"), `${noPlugin}create is not a function`],
    [
      "has a header that is none",
      plugin(`auth: { header: "X Key" }`),
      `${noPlugin}auth is not { header, prefix?, env?, required? }`,
    ],
    ["has a catalog that is none", plugin("catalog: [{}]"), `${noPlugin}catalog is not a list of models with ids`],
    [
      "looks for servers at no port",
      plugin('detect: { name: "Acme", ports: [0], recognise: () => undefined }'),
      `${noPlugin}detect is not { name, ports, start?, recognise }`,
    ],
    [
      "throws when it is read",
      plugin(`get auth() { throw new Error("gotcha"); }`),
      `${noPlugin}reading it throws: gotcha`,
    ],
  ])("that %s", async (_, text, message) => {
    expect((await bad(text))?.message).toBe(message);
  });

  it("that speaks another contract is told with both numbers and the way out, before anything else", async () => {
    expect(await bad("export default { contract: 2 };")).toMatchObject({
      message: "headgate-provider-bad speaks contract 2, this Headgate speaks contract 1",
      fix: "update Headgate, or install a version of headgate-provider-bad for contract 1",
    });
  });

  it("that never finishes loading is given up", async () => {
    install("headgate-provider-bad", "await new Promise(() => {});");
    expect((await load(rows({ bad: {} }), 50)).problems).toMatchObject([
      { message: "headgate-provider-bad cannot be loaded: it did not load within 50 ms", provider: "bad" },
    ]);
  });

  it("that is there and broken is not passed over for the next name", async () => {
    install("@headgate/provider-acme", `import "nothing-of-that-name";`);
    install("headgate-provider-acme", good("next"));
    const { kinds, problems } = await load(rows({ acme: {} }));
    expect(kinds).toEqual({});
    expect(problems[0]?.message).toContain("@headgate/provider-acme cannot be loaded");
  });

  it("whose package lets nobody import it is told so", async () => {
    install("headgate-provider-acme", good("acme"));
    write(
      "config/node_modules/headgate-provider-acme/package.json",
      JSON.stringify({ name: "headgate-provider-acme", exports: {} }),
    );
    const { problems } = await load(rows({ acme: {} }));
    expect(problems[0]?.message).toContain("headgate-provider-acme cannot be loaded");
  });
});

describe("a missing plugin", () => {
  it("names what was looked for and how to get it", async () => {
    expect((await load(rows({ nosuch: {} }))).problems).toEqual([
      {
        severity: "error",
        path: "models.providers.nosuch",
        message: "there is no plugin for nosuch: looked for @headgate/provider-nosuch, headgate-provider-nosuch",
        fix: "npm install @headgate/provider-nosuch, or write models.providers.nosuch with a plugin or a baseUrl",
        provider: "nosuch",
      },
    ]);
  });

  it("of a ref is told where the ref is, with the provider that was meant", async () => {
    install("headgate-provider-acme", good("acme"));
    const model = { primary: "acme/a", fallbacks: ["amce/b"] };
    const { kinds, problems } = await load({ agents: { defaults: { model } }, ...rows({ acme: {} }) });
    expect(kinds).toEqual({ acme: "acme" });
    expect(problems).toMatchObject([
      {
        path: "agents.defaults.model.fallbacks[0]",
        value: '"amce/b"',
        fix: "did you mean the provider acme?",
        provider: "amce",
      },
    ]);
  });

  it.each([
    ["./nowhere.js", "there is no plugin ./nowhere.js"],
    ["./folder", "./folder cannot be loaded: it is a folder; name the file in it"],
    ["not-installed-anywhere", "there is no plugin not-installed-anywhere"],
    ["data:text/javascript,1", '"data:text/javascript,1" names no plugin'],
    ["https://acme.test/x.js", '"https://acme.test/x.js" names no plugin'],
    ["pkg/../../x", '"pkg/../../x" names no plugin'],
  ])("that the row names as %s is not replaced by another", async (name, message) => {
    mkdirSync(join(folder, "config/folder"), { recursive: true });
    install("headgate-provider-acme", good("acme"));
    const { kinds, problems } = await load(rows({ acme: { plugin: name } }));
    expect(kinds).toEqual({});
    expect(problems).toMatchObject([{ path: "models.providers.acme.plugin", message, provider: "acme" }]);
  });

  it("of an id that no package can have is not looked for", async () => {
    const { problems } = await load(rows({ "Up.Case": {}, "a..b": {} }));
    expect(problems.map(({ message }) => message)).toEqual([
      "no package can have this name",
      "no package can have this name",
    ]);
  });

  it("of a row that is disabled already is not told of again", async () => {
    expect((await load(rows({ acme: { place: "nowhere" } }))).problems).toEqual([]);
  });
});

describe("refs to models that nobody has heard of", () => {
  const catalog = plugin("catalog: [{ id: 'large-1' }]");
  function plugin(fields: string): string {
    return `export default { contract: 1, kind: "acme", config: ${schema}, create: ${create}, ${fields} };`;
  }

  it("are warned of with the near one, once the plugin's catalog is known", async () => {
    install("headgate-provider-acme", catalog);
    const model = { primary: "acme/large-1", fallbacks: ["acme/large-2"] };
    expect((await load({ agents: { defaults: { model } } })).problems).toEqual([
      {
        severity: "warning",
        path: "agents.defaults.model.fallbacks[0]",
        value: '"acme/large-2"',
        message: 'models.providers.acme has no model "large-2"',
        fix: 'did you mean "acme/large-1"?',
      },
    ]);
  });
});
