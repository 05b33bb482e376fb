import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchTransport } from "@headgate/core";
import { describe, expect, it, vi } from "vitest";
import { askRunning, withBreakers } from "../packages/gateway/src/cli/running.ts";
import { resetsFile, wishReset } from "../packages/gateway/src/resets.ts";
import { ask } from "./harness/ask.ts";
import { type House, openHouse } from "./harness/house.ts";
import { minimax, sonnet } from "./harness/hybrid.ts";

/** Fails often enough for the breaker of its first model. */
async function fail(house: House): Promise<void> {
  house.hosted.fail({ kind: "status", status: 500, match: { model: "claude-sonnet-4-5" } });
  for (let index = 0; index < 5; index++) await say(house);
}

const say = ({ url }: House) => ask(`${url}/v1/responses`, { body: { model: "sonnet", input: "hi" } });
const model = sonnet.slice("anthropic/".length);

describe("a breaker that is open", () => {
  it("is told of at /health and by headgate status, by model, with the time that is left", async () => {
    await using house = await openHouse();
    await fail(house);
    const told = { model, state: "open", seconds: expect.any(Number), failure: "bad_answer" };
    expect((await ask(`${house.url}/health`)).json).toMatchObject({
      providers: expect.arrayContaining([{ id: "anthropic", status: "ready", breakers: [told] }]),
    });
    const { gateway } = house.gateway.router.config;
    const running = await askRunning({ ...gateway, port: Number(new URL(house.url).port) }, fetchTransport());
    const status = { id: "anthropic", state: "ready", places: [], wires: [], origins: [], configured: [] } as const;
    expect(withBreakers(status, running).breakers).toMatchObject([told]);
    expect(house.gateway.router.explain("sonnet")).toMatchObject({
      candidates: [{ skipped: expect.stringContaining("open for") }, {}, {}],
    });
  });

  it("names no model to a stranger", async () => {
    await using house = await openHouse({ "gateway.keys": ["sk-one"] });
    house.hosted.fail({ kind: "status", status: 500 });
    const headers = { authorization: "Bearer sk-one" };
    const body = { model: "sonnet", input: "hi" };
    for (let index = 0; index < 5; index++) await ask(`${house.url}/v1/responses`, { body, headers });
    expect((await ask(`${house.url}/health`)).text).not.toContain(model);
    expect((await ask(`${house.url}/health`, { headers })).text).toContain(model);
  });

  it("is of no config and no file, and a restart forgets it", async () => {
    await using house = await openHouse();
    const config = readFileSync(house.file, "utf8");
    await fail(house);
    expect(house.stateFiles().filter((name) => name.includes("reset") || name.includes("breaker"))).toEqual([]);
    await house.restart();
    expect(house.gateway.router.breakers()).toEqual([]);
    expect(readFileSync(house.file, "utf8")).toBe(config);
  });

  it("is closed by headgate status --reset in a gateway that runs", async () => {
    await using house = await openHouse();
    await fail(house);
    house.hosted.heal();
    expect((await say(house)).headers["x-headgate-model"]).toBe(minimax);
    wishReset(house.state, sonnet);
    await vi.waitFor(() => expect(house.gateway.router.breakers()).toEqual([]), { interval: 20, timeout: 5000 });
    expect((await say(house)).headers["x-headgate-model"]).toBe(sonnet);
    expect(existsSync(join(house.state, resetsFile))).toBe(true);
  });

  it("goes on where the config has changed for others", async () => {
    await using house = await openHouse();
    await fail(house);
    house.configure({ "models.providers.lmstudio.headers": { "x-team": "search" } });
    expect(await house.gateway.reload()).toMatchObject({});
    expect(house.gateway.router.breakers()).toMatchObject([{ provider: "anthropic", model }]);
  });
});
