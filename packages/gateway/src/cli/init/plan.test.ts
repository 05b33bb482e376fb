import type { ModelFacts } from "@headgate/core";
import { describe, expect, it } from "vitest";
import { findHosted, type Hosted } from "./hosted.ts";
import { toPlan } from "./plan.ts";
import type { Server } from "./servers.ts";

const server = (id: string, models: readonly ModelFacts[], changes: Partial<Server> = {}): Server => ({
  id,
  name: id,
  port: 1,
  baseUrl: "http://127.0.0.1:1/v1",
  package: `@headgate/provider-${id}`,
  namesPlugin: false,
  places: ["local"],
  models,
  ...changes,
});

const hosted = (id: string, model?: ModelFacts): Hosted => ({
  id,
  variable: "KEY",
  package: id,
  namesPlugin: false,
  ...(model !== undefined && { model }),
});

const loaded = { state: "loaded" } as const;
const cold = { state: "not-loaded" } as const;

describe("the order", () => {
  it.each<[string, readonly Server[], readonly Hosted[], readonly string[]]>([
    ["holds nothing where there is nothing", [], [], []],
    [
      "holds every loaded model, and none that would have to be loaded",
      [
        server("a", [
          { id: "1", ...cold },
          { id: "2", ...loaded },
          { id: "3", ...loaded },
        ]),
      ],
      [],
      ["a/2", "a/3"],
    ],
    [
      "holds the first of a server that has loaded none",
      [
        server("a", [
          { id: "1", ...cold },
          { id: "2", ...cold },
        ]),
      ],
      [],
      ["a/1"],
    ],
    ["holds the first of a server that does not say", [server("a", [{ id: "1" }, { id: "2" }])], [], ["a/1"]],
    [
      "begins with what is loaded, whichever server was found first",
      [server("a", [{ id: "1", ...cold }]), server("b", [{ id: "2" }]), server("c", [{ id: "3", ...loaded }])],
      [],
      ["c/3", "b/2", "a/1"],
    ],
    [
      "has what may run anywhere behind what runs here, and the hosted ones last",
      [server("far", [{ id: "1", ...loaded }], { places: ["unknown"] }), server("near", [{ id: "2", ...cold }])],
      [hosted("rented", { id: "3" })],
      ["near/2", "far/1", "rented/3"],
    ],
    ["leaves out who names no model", [server("a", [])], [hosted("b")], []],
  ])("%s", (_, servers, rented, order) => {
    const plan = toPlan(servers, rented);
    expect([...plan.local, ...plan.rented]).toEqual(order);
  });
});

describe("an alias", () => {
  it.each<[string, readonly Server[], readonly string[]]>([
    ["is the last part of an id", [server("a", [{ id: "qwen/qwen3-8b" }])], ["qwen3-8b"]],
    ["is the same of a path that ends with a slash", [server("a", [{ id: "/models/x/" }])], ["x"]],
    ["is the provider's name where an id is nothing but slashes", [server("a", [{ id: "//" }])], ["a"]],
    [
      "has the provider with it where another has the name, in any case, and then a number",
      [server("a", [{ id: "M" }]), server("b", [{ id: "m" }, { id: "x/m" }, { id: "y/M" }])],
      ["M", "m-b", "m-b-2", "M-b-3"],
    ],
    ["is never the name of the default route", [server("a", [{ id: "Default" }, { id: "*" }])], ["Default-a", "*-a"]],
  ])("%s", (_, servers, aliases) => {
    expect(toPlan(servers, []).models.map(({ alias }) => alias)).toEqual(aliases);
  });
});

describe("a hosted provider", () => {
  const plugin = (catalog: readonly ModelFacts[], auth = { header: "authorization", env: "ACME_KEY" }) => ({
    package: "headgate-provider-acme",
    plugin: { contract: 1 as const, kind: "acme", config: {} as never, create: () => ({}) as never, auth, catalog },
  });
  const price = (input: number) => ({ cost: { input, output: input } });

  it.each<[string, readonly ModelFacts[], string | undefined]>([
    ["whose prices are known: the cheapest", [{ id: "a" }, { id: "b", ...price(5) }, { id: "c", ...price(1) }], "c"],
    ["whose prices are not: the first", [{ id: "a" }, { id: "b" }], "a"],
    ["that names none: none", [], undefined],
  ])("gives a fallback %s", (_, catalog, id) => {
    expect(findHosted([plugin(catalog)], { ACME_KEY: "sk-secret" })).toEqual([
      expect.objectContaining({
        id: "acme",
        variable: "ACME_KEY",
        ...(id !== undefined && { model: expect.objectContaining({ id }) }),
      }),
    ]);
  });

  it.each([
    ["without its key", {}],
    ["with an empty one", { ACME_KEY: "" }],
  ])("is passed over %s", (_, environment) => {
    expect(findHosted([plugin([{ id: "a" }])], environment)).toEqual([]);
  });
});
