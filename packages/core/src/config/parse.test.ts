import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse.ts";
import { formatProblem } from "./problems.ts";

const read = (value: unknown, environment: Record<string, string> = {}) => parseConfig(value, environment);
const problemAt = (value: unknown, path: string) => read(value).problems.find((problem) => problem.path === path);
const row = (provider: unknown) => ({ models: { providers: { acme: provider } } });

describe("an empty file", () => {
  it("has every default", () => {
    const { config, problems } = read({});
    expect(problems).toEqual([]);
    expect(config.gateway).toEqual({
      host: "127.0.0.1",
      port: 4323,
      keys: [],
      origins: [],
      egress: "any",
      maxBody: 64 * 1024 * 1024,
      logLevel: "info",
      metrics: true,
      tracing: false,
      receipts: { maxAge: 7 * 24 * 3_600_000, maxSize: 64 * 2 ** 20 },
      responses: { maxAge: 7 * 24 * 3_600_000, maxSize: 256 * 2 ** 20 },
    });
    expect(config.retry).toEqual({ maxWait: 500, lastWindow: 10_000, lastRepeats: 2 });
    expect(config.models.mode).toBe("merge");
    expect(config.agents.defaults.model).toBeUndefined();
  });

  it.each([[5], [null], ["text"], [[]], [undefined]])(
    "that is no object (%j) is an error, and reads as an empty one",
    (value) => {
      const { config, problems } = read(value);
      expect(problems).toMatchObject([{ severity: "error", path: "", message: "not an object" }]);
      expect(config).toEqual(read({}).config);
    },
  );
});

describe("what is in order", () => {
  it("turns durations into milliseconds, api and wires into wires, and keeps the plugin's own keys apart", () => {
    const { config, problems } = read(
      row({
        baseUrl: "https://api.acme.test/v1",
        api: "openai-completions",
        wires: ["responses", "chat"],
        apiKey: "k",
        timeouts: { connect: "700ms", idle: "1.5s", whole: "10m", total: "1h" },
        headers: { "X-Team": "search" },
        place: "EU",
        within: "eu",
        region: "eu",
      }),
    );
    expect(problems).toEqual([]);
    expect(config.models.providers.get("acme")).toEqual({
      baseUrl: "https://api.acme.test/v1",
      wires: ["chat", "responses"],
      apiKey: "k",
      timeouts: { connect: 700, idle: 1500, whole: 600_000, total: 3_600_000 },
      headers: { "x-team": "search" },
      place: "eu",
      within: ["eu"],
      models: [],
      settings: { baseUrl: "https://api.acme.test/v1", region: "eu" },
    });
  });

  it("takes a boundary as one place or several, and keys with or without a name", () => {
    const { config, problems } = read({
      within: ["local", "de"],
      gateway: { host: "0.0.0.0", maxBody: 2048, keys: ["one", { id: "laptop", key: "two", within: "local" }] },
    });
    expect(problems).toEqual([]);
    expect(config.within).toEqual(["local", "de"]);
    expect(config.gateway.keys).toEqual([
      { id: "key-1", key: "one" },
      { id: "laptop", key: "two", within: ["local"] },
    ]);
  });

  it("takes the default model as a ref alone", () => {
    const { config } = read({ agents: { defaults: { model: "acme/small" } } });
    expect(config.agents.defaults.model).toEqual({ primary: "acme/small", fallbacks: [] });
  });

  it("is not changed by reading", () => {
    const value = { agents: { default: 1 }, models: { providers: { acme: { apiKey: 5 } } } };
    const before = structuredClone(value);
    read(value);
    expect(value).toEqual(before);
  });
});

describe("${ENV}", () => {
  it("is filled in, in any text, and $${ENV} is the text itself", () => {
    const { config, problems } = read(row({ baseUrl: "http://${HOST}:1/v1", note: "$${HOST}" }), { HOST: "localhost" });
    expect(problems).toEqual([]);
    expect(config.models.providers.get("acme")?.settings).toEqual({
      baseUrl: "http://localhost:1/v1",
      note: "${HOST}",
    });
  });

  it.each([
    ["missing", {}],
    ["empty", { ACME_KEY: "" }],
  ])("that is %s disables its row alone, once, with path and fix", (_, environment) => {
    const value = { models: { providers: { acme: { apiKey: "${ACME_KEY}" }, other: {} } } };
    const { config, problems } = parseConfig(value, environment);
    expect(problems).toEqual([
      {
        severity: "error",
        path: "models.providers.acme.apiKey",
        value: "${ACME_KEY}",
        message: "the environment variable ACME_KEY is not set",
        fix: "set ACME_KEY where Headgate starts, or write the value here",
        provider: "acme",
      },
    ]);
    expect([...config.models.providers.keys()]).toEqual(["other"]);
    expect(config.models.disabled).toEqual(new Map([["acme", []]]));
  });

  it("is blamed once where its text has the wrong shape too", () => {
    expect(read(row({ baseUrl: "${NO_URL}" })).problems).toHaveLength(1);
  });

  it("outside a row is an error of the whole file", () => {
    const problem = problemAt({ gateway: { keys: ["${NO_KEY}"] } }, "gateway.keys[0]");
    expect(problem).toMatchObject({ severity: "error", message: "the environment variable NO_KEY is not set" });
    expect(problem?.provider).toBeUndefined();
  });

  it("does not reach an object's own names", () => {
    expect(problemAt(row({ note: "${toString}" }), "models.providers.acme.note")).toBeDefined();
  });

  it("is never shown with its value", () => {
    const { problems } = read(row({ place: "${SECRET}" }), { SECRET: "sk-hidden" });
    expect(problems[0]).toMatchObject({ path: "models.providers.acme.place", value: '"${SECRET}"' });
  });
});

describe("a fault is named with path and fix, and taken out", () => {
  it.each([
    ["an unknown key, with the near one", { agent: {} }, "agent", "unknown key", "did you mean agents?"],
    [
      "an unknown key with none near, with the known ones",
      { hedge: true },
      "hedge",
      "unknown key",
      "take it out; known here: $schema, agents, models, routes, within, retry, gateway",
    ],
    [
      "an unknown key below a row's clocks",
      row({ timeouts: { read: "1m" } }),
      "models.providers.acme.timeouts.read",
      "unknown key",
      "take it out; known here: connect, load, firstOutput, idle, whole, total",
    ],
    [
      "an unknown key of a model",
      row({ models: [{ id: "a", contextwindow: 5 }] }),
      "models.providers.acme.models[0].contextwindow",
      "unknown key",
      "did you mean contextWindow?",
    ],
    [
      "a wrong word",
      { models: { mode: "merg" } },
      "models.mode",
      "not one of the known values",
      'did you mean "merge"?',
    ],
    [
      "an unknown api",
      row({ api: "openai" }),
      "models.providers.acme.api",
      "not one of the known values",
      "write one of openai-responses, openai-completions, anthropic-messages",
    ],
    [
      "a duration without a unit",
      row({ timeouts: { idle: 30 } }),
      "models.providers.acme.timeouts.idle",
      "not a duration: it needs a number and a unit (ms, s, m, h)",
      'write idle: "120s", for example',
    ],
    [
      "a clock that a timer cannot hold",
      row({ timeouts: { whole: "9999h" } }),
      "models.providers.acme.timeouts.whole",
      "out of range: from 1 ms to 576 h",
      'write whole: "10m", for example',
    ],
    [
      "a missing key",
      row({ models: [{ name: "A" }] }),
      "models.providers.acme.models[0].id",
      "is missing",
      'write id: "qwen3-8b", for example',
    ],
    [
      "a place that is none",
      { within: ["eu", "uk"] },
      "within[1]",
      "not a place: it is local, eu, or a country's two-letter ISO code (us, de, gb)",
      'write "eu", for example',
    ],
    [
      "a size that is none",
      { gateway: { maxBody: "64mb" } },
      "gateway.maxBody",
      "not a size: it is a number of bytes, or a string with a unit (kB, MB, GB, KiB, MiB, GiB)",
      'write maxBody: "64MiB", for example',
    ],
    [
      "a key in a union's second branch",
      { agents: { defaults: { model: { primry: "a/b" } } } },
      "agents.defaults.model.primry",
      "unknown key",
      "did you mean primary?",
    ],
    [
      "a header that is the connection's own",
      row({ headers: { Host: "x" } }),
      "models.providers.acme.headers.Host",
      "a header of the connection itself, which Headgate sets",
      "take it out, or give it another name",
    ],
    [
      "an address that others reach, without keys",
      { gateway: { host: "0.0.0.0" } },
      "gateway.host",
      "reachable from other machines, and no key is asked for",
      'write gateway.keys: ["${HEADGATE_KEY}"], or host: "127.0.0.1"',
    ],
    [
      "two keys with one id",
      {
        gateway: {
          keys: [
            { id: "a", key: "x" },
            { id: "a", key: "y" },
          ],
        },
      },
      "gateway.keys[1].id",
      "the id of another key",
      "give each key its own id",
    ],
  ])("%s", (_, value, path, message, fix) => {
    expect(problemAt(value, path)).toMatchObject({ severity: "error", path, message, fix });
  });

  it.each([
    ["no protocol", "127.0.0.1:1234/v1", "not a URL"],
    ["a host for a protocol", "localhost:1234/v1", "not an http or https URL"],
    ["no URL at all", "local host", "not a URL"],
    ["another protocol", "ftp://acme.test", "not an http or https URL"],
    ["credentials", "https://user:hush@acme.test/v1", "a URL with credentials"],
    ["a query", "https://acme.test/v1?key=hush", "a base URL with a query or fragment"],
    ["a fragment", "https://acme.test/v1#x", "a base URL with a query or fragment"],
  ])("a baseUrl with %s", (_, baseUrl, message) => {
    const { config, problems } = read(row({ baseUrl }));
    expect(problems).toMatchObject([{ path: "models.providers.acme.baseUrl", message, provider: "acme" }]);
    expect(config.models.disabled.has("acme")).toBe(true);
    expect(JSON.stringify(problems)).not.toContain("hush");
  });

  it("keys and headers are never shown", () => {
    const { problems } = read({
      gateway: { keys: "hush", host: 5 },
      models: { providers: { acme: { apiKey: "hush hush", headers: { "x-key": "hush\n" } } } },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      "models.providers.acme.apiKey",
      "models.providers.acme.headers.x-key",
      "gateway.host",
      "gateway.keys",
    ]);
    expect(JSON.stringify(problems)).not.toContain("hush");
  });

  it("is printed in two lines", () => {
    const [problem] = read(row({ apiKey: "${NO}" })).problems;
    expect(problem && formatProblem(problem)).toBe(
      "error: models.providers.acme.apiKey: the environment variable NO is not set (found ${NO}). Provider acme is off; the rest serves.\n  fix: set NO where Headgate starts, or write the value here",
    );
  });
});

describe("what a fault leaves behind", () => {
  it("a bad row disables itself, remembers its models, and the rest is read", () => {
    const { config, problems } = read({
      models: {
        providers: { bad: { models: [{ id: "m", contextWindow: "big" }, 7] }, good: { models: [{ id: "n" }] } },
      },
      agents: { defaults: { model: "good/n" } },
    });
    expect(problems.every(({ provider }) => provider === "bad")).toBe(true);
    expect([...config.models.providers.keys()]).toEqual(["good"]);
    expect(config.models.disabled).toEqual(new Map([["bad", ["m"]]]));
    expect(config.agents.defaults.model?.primary).toBe("good/n");
  });

  it("several bad fallbacks are taken out and the good ones keep their order", () => {
    const fallbacks = [1, "a/1", 2, "a/2", "nothing", "a/3"];
    const { config } = read({ agents: { defaults: { model: { primary: "a/0", fallbacks } } } });
    expect(config.agents.defaults.model).toEqual({ primary: "a/0", fallbacks: ["a/1", "a/2", "a/3"] });
  });

  it("a boundary that cannot be read becomes the narrowest, never none", () => {
    const { config } = read({
      within: "mars",
      routes: { r: { primary: "a/b", within: [] } },
      gateway: { keys: [{ id: "a", key: "b", within: 5 }] },
    });
    expect(config.within).toEqual(["local"]);
    expect(config.routes.get("r")?.within).toEqual(["local"]);
    expect(config.gateway.keys[0]?.within).toEqual(["local"]);
  });

  it("an id that is no id, and names that objects have by themselves", () => {
    const value = JSON.parse(
      '{"models":{"providers":{"__proto__":{"a":1},"a/b":{},"../x":{},"constructor":{"baseUrl":"http://x"}}}}',
    );
    const { config, problems } = read(value);
    expect(problems.map(({ path }) => path)).toEqual([
      "models.providers.__proto__",
      'models.providers["a/b"]',
      'models.providers["../x"]',
    ]);
    expect([...config.models.providers.keys()]).toEqual(["constructor"]);
    expect(Object.prototype).not.toHaveProperty("a");
  });

  it.each([
    [{ models: null }],
    [{ models: { providers: [] } }],
    [{ agents: 5, routes: { within: { primary: 5 } } }],
    [{ models: { providers: { within: { within: "mars" } } } }],
    [{ agents: { defaults: { model: null, models: { within: 5 } } } }],
    [{ gateway: { keys: [null, 5, {}], origins: [1, 2, 3] } }],
    [{ routes: { within: { primary: "a/b", within: null } } }],
  ])("%j is read to the end", (value) => {
    expect(read(value).problems.length).toBeGreaterThan(0);
  });

  it("a value that contains itself", () => {
    const value: Record<string, unknown> = {};
    value.models = value;
    expect(read(value).problems.length).toBeGreaterThan(0);
  });
});
