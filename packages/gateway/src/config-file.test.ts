import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findConfigFile, readConfig } from "./config-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const read = (text: string, ...sets: string[]) =>
  readConfig({ file: write("headgate.json5", text), sets, environment: {} });
const set = (...sets: string[]) => readConfig({ sets, environment: {}, cwd: folder });

describe("findConfigFile", () => {
  it("looks at the flag, HEADGATE_CONFIG, the folder, and the user's config folder, in this order", () => {
    const cwd = join(folder, "work");
    const environment = { HEADGATE_CONFIG: "named.json5", XDG_CONFIG_HOME: join(folder, "xdg") };
    const users = write("xdg/headgate/headgate.json5", "{}");
    const { HEADGATE_CONFIG: _, ...unnamed } = environment;
    expect(findConfigFile({ environment: unnamed, cwd })).toBe(users);
    const local = write("work/headgate.json5", "{}");
    expect(findConfigFile({ environment: unnamed, cwd })).toBe(local);
    expect(findConfigFile({ environment, cwd })).toBe(join(cwd, "named.json5"));
    expect(findConfigFile({ flag: "flag.json5", environment, cwd })).toBe(join(cwd, "flag.json5"));
  });

  it("takes ~/.config where XDG_CONFIG_HOME is not set, and finds nothing where nothing is", () => {
    const search = { environment: { HOME: folder }, cwd: join(folder, "work") };
    expect(findConfigFile(search)).toBeUndefined();
    const users = write(".config/headgate/headgate.json5", "{}");
    expect(findConfigFile(search)).toBe(users);
  });
});

describe("readConfig", () => {
  it.each(["hybrid-hosted-first", "lmstudio", "local-first", "openai-compatible"])("loads %s word for word", (name) => {
    const file = fileURLToPath(new URL(`../../../tests/configs/${name}.json5`, import.meta.url));
    const { config, problems, folder: base } = readConfig({ file, environment: {} });
    expect(problems).toEqual([]);
    expect(config.models.providers.size).toBe(1);
    expect(base).toBe(dirname(file));
  });

  it("names line and column of what is no JSON5", () => {
    const { problems } = read("{\n  agents: {\n    defaults ]\n  }\n}");
    expect(problems).toMatchObject([
      {
        severity: "error",
        path: `${join(folder, "headgate.json5")}:3:14`,
        message: "not JSON5: invalid character ']'",
      },
    ]);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(read("\uFEFF{ gateway: { port: 1 } }").config.gateway.port).toBe(1);
  });

  it("a named file that is not there, or is a folder, is an error", () => {
    const missing = readConfig({ file: join(folder, "none.json5"), environment: {} });
    expect(missing.problems).toMatchObject([{ path: join(folder, "none.json5"), message: "there is no such file" }]);
    expect(readConfig({ file: folder, environment: {} }).problems).toMatchObject([
      { message: "cannot be read: EISDIR" },
    ]);
  });

  it("without a file, names the places it looked at, unless there are sets or it need not be", () => {
    const search = { environment: { XDG_CONFIG_HOME: "/xdg" }, cwd: folder };
    const [problem] = readConfig(search).problems;
    expect(problem?.severity).toBe("error");
    expect(problem?.message).toContain(join(folder, "headgate.json5"));
    expect(problem?.message).toContain("/xdg/headgate/headgate.json5");
    expect(readConfig({ ...search, fileOptional: true }).problems).toEqual([]);
    expect(readConfig({ ...search, sets: ["gateway.port=0"] }).problems).toEqual([]);
  });

  it("gives back the value that a router takes", () => {
    expect(read("{ gateway: { port: 1 } }", "gateway.port=2").value).toEqual({ gateway: { port: 2 } });
  });
});

describe("--set", () => {
  it("overrides a key, and leaves its neighbours", () => {
    const { config, problems } = read(
      "{ models: { providers: { lmstudio: { baseUrl: 'http://127.0.0.1:1234/v1', apiKey: 'k' } } } }",
      "models.providers.lmstudio.baseUrl=http://127.0.0.1:9",
    );
    expect(problems).toEqual([]);
    expect(config.models.providers.get("lmstudio")).toMatchObject({ baseUrl: "http://127.0.0.1:9", apiKey: "k" });
  });

  it("makes the objects on the way, reads JSON5 where it parses, and takes the last of two", () => {
    const { config, problems } = set(
      "gateway.port=1",
      "gateway.port=0",
      "within=['eu','local']",
      "agents.defaults.models['acme/small.1'].alias=Little One",
      'routes["my.route"].primary=acme/small.1',
    );
    expect(problems).toEqual([]);
    expect(config.gateway.port).toBe(0);
    expect(config.within).toEqual(["eu", "local"]);
    expect(config.agents.defaults.models.get("acme/small.1")).toEqual({ alias: "Little One" });
    expect(config.routes.get("my.route")?.primary).toBe("acme/small.1");
  });

  it("reaches into lists", () => {
    const { config } = read(
      "{ agents: { defaults: { model: { primary: 'a/1', fallbacks: ['a/2'] } } } }",
      "agents.defaults.model.fallbacks[0]=a/3",
      "agents.defaults.model.fallbacks[1]=a/4",
    );
    expect(config.agents.defaults.model?.fallbacks).toEqual(["a/3", "a/4"]);
  });

  it("takes everything after the first sign as the value, and none as an empty text", () => {
    expect(set("models.providers.acme.note=a=b=c").value).toEqual({
      models: { providers: { acme: { note: "a=b=c" } } },
    });
    expect(set("$schema=").value).toEqual({ $schema: "" });
    expect(set("routes['a=b'].primary=a/b").value).toEqual({ routes: { "a=b": { primary: "a/b" } } });
  });

  it.each([
    ["gateway.port", "not a path, an equals sign and a value"],
    ["=5", "not a path, an equals sign and a value"],
    ["a..b=5", "not a path, an equals sign and a value"],
    ["__proto__.polluted=1", "__proto__ is no key of a config"],
    ["models.constructor.prototype.polluted=1", "constructor is no key of a config"],
  ])("%s is a problem, and changes nothing", (text, message) => {
    const { problems, value } = set(text);
    expect(problems).toMatchObject([{ severity: "error", message }]);
    expect(value).toEqual({});
    expect({}).not.toHaveProperty("polluted");
  });

  it("through what is no object is a problem that does not show the value", () => {
    const { problems } = read("{ $schema: 'x', routes: [] }", "$schema.key=hush", "routes.a=hush");
    expect(problems.slice(0, 2)).toMatchObject([
      { path: "--set $schema.key", message: '"$schema" holds no keys' },
      { path: "--set routes.a", message: 'a list has no place "a"' },
    ]);
    expect(JSON.stringify(problems)).not.toContain("hush");
  });

  it("cannot get around the checks", () => {
    expect(set("gateway.host=0.0.0.0").problems).toMatchObject([{ path: "gateway.host" }]);
  });
});
