import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cells } from "../scripts/real/case.ts";
import { differencesOf, type Observation, type Observations } from "../scripts/real/compare.ts";
import { readFixture } from "../scripts/real/fixtures.ts";
import { exitCodeOf, linesOf } from "../scripts/real/report.ts";
import { type Result, runServer, seeAll } from "../scripts/real/run.ts";
import { servers } from "../scripts/real/servers.ts";
import { shapeOf } from "../scripts/real/shape.ts";
import type { ServerKind } from "../scripts/real/target.ts";

const files = readdirSync(new URL("../scripts/real/__fixtures__/", import.meta.url));
const fixtureOf = (name: string) => files.find((file) => file.startsWith(`${name}-`)) ?? "none";
const seenServers = servers.filter(({ name }) => fixtureOf(name) !== "none");

describe.each(seenServers)("the simulation of $name", (server) => {
  it("does in every cell what the real one was seen to do, and keeps what the kit asks for", async () => {
    const real = readFixture(fixtureOf(server.name));
    const simulated = await seeAll(server, await server.simulate());
    expect(differencesOf(real.server, simulated.server)).toEqual([]);
    expect(differencesOf(real.gateway, simulated.gateway)).toEqual([]);
    expect(simulated.broken).toEqual([]);
  }, 60_000);

  it("was compared with the real one in every cell", () => {
    const real = readFixture(fixtureOf(server.name));
    expect(Object.keys(real.server).sort()).toEqual(cells.map(({ id }) => id).sort());
    expect(Object.keys(real.gateway).sort()).toEqual([...cells.map(({ id }) => id), "recognised"].sort());
  });
});

describe("the shape of a body", () => {
  it.each([
    ['{"a":[{"b":1},{"c":null}]}', [".a: array", ".a[]: object", ".a[].b: number", ".a[].c: null", ": object"]],
    ['{"a":"x"}', [".a: string", ": object"]],
    ['{"a":"another word"}', [".a: string", ": object"]],
    ["", []],
    ["Internal Server Error", ["text"]],
    ['event: x\ndata: {"a":1}\n\ndata: [DONE]\n\n', [" [DONE]", "x .a: number", "x : object"]],
  ])("of %j is %j", (text, shape) => {
    expect(shapeOf(text)).toEqual([...shape].sort());
  });
});

describe("a comparison", () => {
  const one: Observation = { status: 200, media: "application/json", outcomes: ["ok"], shape: [".a: string"] };
  const seen = (more: Partial<Observation>): Observations => ({ cell: { ...one, ...more } });

  it("finds nothing between equals", () => {
    expect(differencesOf(seen({}), seen({}))).toEqual([]);
  });

  it.each<[Partial<Observation>, string]>([
    [{ status: 400 }, "status: real 200, simulated 400"],
    [{ media: "text/plain" }, "media type: real application/json, simulated text/plain"],
    [{ outcomes: ["ok", "ok"] }, "outcome: real ok, simulated ok,ok"],
    [{ outcomes: ["rate_limited"] }, "outcome: real ok, simulated rate_limited"],
    [{ shape: [] }, "only the real one has .a: string"],
    [{ shape: [".a: string", ".b: null"] }, "only the simulated one has .b: null"],
  ])("finds %j", (more, line) => {
    expect(differencesOf(seen({}), seen(more))).toEqual([{ cell: "cell", lines: [line] }]);
  });

  it("finds a cell that one of them was not asked", () => {
    expect(differencesOf(seen({}), {})).toEqual([{ cell: "cell", lines: ["only the real one was asked"] }]);
    expect(differencesOf({}, seen({}))).toEqual([{ cell: "cell", lines: ["only the simulated one was asked"] }]);
  });

  const differences = differencesOf(seen({}), seen({ status: 400 }));
  const result = {
    kind: "compared",
    server: "x",
    version: "1",
    compared: 3,
    seen: { server: {}, gateway: {}, kit: {} },
  };
  const equal = { ...result, differences: [] } as Result;
  const unequal = { ...result, differences } as Result;
  const skipped: Result = { kind: "skipped", server: "y", why: "no Python" };

  it.each([
    [[equal], 0],
    [[equal, skipped], 0],
    [[equal, unequal], 1],
    [[skipped], 2],
  ])("ends with the code that says so", (results, code) => {
    expect(exitCodeOf(results)).toBe(code);
  });

  it("is told with what differs, and with why there was none", () => {
    expect(linesOf(unequal).at(-1)).toBe("x 1: 2 of 3 equal to the simulation");
    expect(linesOf(unequal)[1]).toContain("status: real 200, simulated 400");
    expect(linesOf(skipped)).toEqual(["y: skipped, no Python"]);
  });
});

describe("a server that cannot be set up", () => {
  it("is skipped with the reason: no program is named", async () => {
    const llama = servers.find(({ name }) => name === "llama-server");
    const surroundings = { cache: "/nowhere", environment: {}, log: () => undefined };
    expect(await llama?.setUp(surroundings)).toEqual({
      kind: "skipped",
      why: "HEADGATE_LLAMA_SERVER names no program",
    });
  });

  it.each(["litellm", "vllm"])("is skipped with the reason: no Python for %s", async (name) => {
    const cache = mkdtempSync(join(tmpdir(), "headgate-real-"));
    const server = servers.find((one) => one.name === name) as ServerKind;
    const environment = { HEADGATE_PYTHON: "no-such-python" };
    const result = await runServer(server, { cache, environment, log: () => undefined });
    rmSync(cache, { recursive: true, force: true });
    expect(result).toMatchObject({ kind: "skipped", why: expect.stringContaining("there is no Python") });
  });
});
