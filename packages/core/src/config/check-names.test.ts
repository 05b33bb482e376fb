import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse.ts";

const read = (value: unknown) => parseConfig(value, {});
const aliases = (names: Record<string, string>, routes = {}) => ({
  agents: { defaults: { models: Object.fromEntries(Object.entries(names).map(([ref, alias]) => [ref, { alias }])) } },
  routes,
});

describe("refs", () => {
  it.each(["sonnet", "/x", "x/", "../x/y", " a/b"])("%j is none", (primary) => {
    const { config, problems } = read({ agents: { defaults: { model: { primary } } } });
    expect(problems).toMatchObject([
      { severity: "error", path: "agents.defaults.model.primary", message: "not a ref: it is provider/model" },
    ]);
    expect(config.agents.defaults.model).toBeUndefined();
  });

  it("an alias or a bare id in the place of a ref is named with the ref that it stands for", () => {
    const { problems } = read({
      agents: { defaults: { model: { primary: "Sonnet", fallbacks: ["m"] }, models: { "a/s": { alias: "sonnet" } } } },
      models: { providers: { local: { models: [{ id: "m" }] } } },
    });
    expect(problems.map(({ fix }) => fix)).toEqual(['write "a/s"', 'write "local/m"']);
  });

  it("in replace mode, one to a model that its row does not have is an error with the near one", () => {
    const value = {
      agents: { defaults: { model: { primary: "local/qwen3", fallbacks: ["other/x"] } } },
      models: { mode: "replace", providers: { local: { models: [{ id: "qwen3-8b" }] } } },
    };
    expect(read(value).problems).toEqual([
      {
        severity: "error",
        path: "agents.defaults.model.primary",
        value: '"local/qwen3"',
        message: 'models.providers.local has no model "qwen3"',
        fix: 'did you mean "local/qwen3-8b"?',
      },
    ]);
  });

  it("an id that begins with another provider's is warned of", () => {
    const providers = { openai: {}, lmstudio: { models: [{ id: "openai/gpt-oss-20b" }] } };
    expect(read({ models: { providers } }).problems).toMatchObject([
      { severity: "warning", path: "models.providers.lmstudio.models[0].id" },
    ]);
  });
});

describe("aliases and routes", () => {
  it("an alias with a slash would hijack a ref, and is refused", () => {
    const { config, problems } = read(aliases({ "a/b": "local/x" }));
    expect(problems).toMatchObject([
      { severity: "error", path: 'agents.defaults.models["a/b"].alias', value: '"local/x"' },
    ]);
    expect(config.agents.defaults.models.get("a/b")).toEqual({});
  });

  it("the same alias in another case is refused, and the first one stays", () => {
    const { config, problems } = read(aliases({ "a/b": "Opus", "a/c": "opus" }));
    expect(problems).toMatchObject([
      {
        path: 'agents.defaults.models["a/c"].alias',
        message: "already the name of a/b; upper and lower case count as the same",
      },
    ]);
    expect(config.agents.defaults.models.get("a/b")).toEqual({ alias: "Opus" });
    expect(config.agents.defaults.models.get("a/c")).toEqual({});
  });

  it.each([
    ["a route's name", "Fast"],
    ["default", "Default"],
    ["*", "*"],
    ["nothing", " "],
  ])("an alias that is %s is refused", (_, alias) => {
    const { problems } = read(aliases({ "a/b": alias }, { fast: { primary: "a/b" } }));
    expect(problems).toMatchObject([{ severity: "error", path: 'agents.defaults.models["a/b"].alias' }]);
  });

  it.each(["q/w", "default", ""])("a route named %j is refused", (name) => {
    const { config, problems } = read({ routes: { [name]: { primary: "a/b" }, "*": { primary: "a/b" } } });
    expect(problems).toHaveLength(1);
    expect([...config.routes.keys()]).toEqual(["*"]);
  });

  it("two routes that differ in case alone are one too many", () => {
    const { config, problems } = read({ routes: { Fast: { primary: "a/b" }, fast: { primary: "a/c" } } });
    expect(problems).toMatchObject([{ path: "routes.fast" }]);
    expect([...config.routes.keys()]).toEqual(["Fast"]);
  });
});
