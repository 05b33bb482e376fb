import { renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { makeFolder, startProgram } from "./cli/program.ts";
import { ask } from "./harness/ask.ts";
import { follow } from "./harness/follow.ts";
import { type House, openHouse } from "./harness/house.ts";
import { at } from "./harness/json.ts";

const model = (house: House, asked = "default") =>
  ask(`${house.url}/v1/chat/completions`, {
    body: { model: asked, messages: [{ role: "user", content: "hi" }] },
  });
const servedBy = async (house: House, asked?: string): Promise<unknown> =>
  (await model(house, asked)).headers["x-headgate-model"];
const health = async (house: House): Promise<unknown> => (await ask(`${house.url}/health`)).json;
const localFirst = { "agents.defaults.model": { primary: "lmstudio/minimax-m2.1-gs32", fallbacks: [] } };
const kinds = (house: House): readonly string[] => house.outcomes.map(({ kind }) => kind);
const until = (house: House, ...kind: string[]) =>
  vi.waitFor(() => expect(kinds(house)).toEqual(kind), { timeout: 5000, interval: 5 });

describe("a config that has changed", () => {
  it("is served as soon as it is written, without a restart", async () => {
    await using house = await openHouse();
    expect(await servedBy(house)).toBe("anthropic/claude-sonnet-4-5");
    house.configure(localFirst);
    await until(house, "applied");
    expect(await servedBy(house)).toBe("lmstudio/minimax-m2.1-gs32");
    expect(await health(house)).not.toHaveProperty("config");
  });

  it("is seen when an editor puts another file in its place, or takes it away first", async () => {
    await using house = await openHouse();
    house.configure(localFirst, house.other);
    renameSync(house.other, house.file);
    await until(house, "applied");
    expect(await servedBy(house)).toBe("lmstudio/minimax-m2.1-gs32");
    rmSync(house.file);
    await until(house, "applied", "refused");
    expect(await servedBy(house)).toBe("lmstudio/minimax-m2.1-gs32");
    house.configure({});
    await until(house, "applied", "refused", "applied");
    expect(await servedBy(house)).toBe("anthropic/claude-sonnet-4-5");
  });

  it("that is broken leaves the old one serving, and /health and the log say so until it is mended", async () => {
    await using house = await openHouse();
    writeFileSync(house.file, '{ agents: { defaults: { model: "lmstudio/minimax');
    await until(house, "refused");
    expect(house.outcomes[0]).toMatchObject({ problems: [{ message: expect.stringContaining("not JSON5") }] });
    expect(await health(house)).toMatchObject({ status: "ok", config: { status: "refused" } });
    expect(await servedBy(house)).toBe("anthropic/claude-sonnet-4-5");
    house.configure(localFirst);
    await until(house, "refused", "applied");
    expect(await health(house)).not.toHaveProperty("config");
    expect(await servedBy(house)).toBe("lmstudio/minimax-m2.1-gs32");
  });

  it("to what it was before is no longer refused, and nothing else happens", async () => {
    await using house = await openHouse();
    house.configure({ "gateway.prot": 1 });
    await until(house, "refused");
    house.configure({});
    await until(house, "refused", "unchanged");
    expect(await health(house)).not.toHaveProperty("config");
  });

  it("is not served in part: a row that would be off is worse than the one that serves", async () => {
    await using house = await openHouse();
    house.configure({ ...localFirst, "models.providers.anthropic.baseUrl": "nowhere" });
    await until(house, "refused");
    house.configure({ ...localFirst, "models.providers.acme": {} });
    await until(house, "refused", "refused");
    expect(house.outcomes[1]).toMatchObject({ problems: [{ path: expect.stringContaining("models.providers.acme") }] });
    expect(await servedBy(house)).toBe("anthropic/claude-sonnet-4-5");
    house.configure(localFirst);
    await until(house, "refused", "refused", "applied");
  });

  it.each([
    ["gateway.port", 1],
    ["gateway.host", "localhost"],
    ["gateway.stateDir", "elsewhere"],
    ["gateway.egress", "none"],
    ["gateway.responses", false],
  ])("in %s says that this needs a restart", async (key, value) => {
    await using house = await openHouse();
    house.configure({ ...localFirst, [key]: value });
    await until(house, "refused");
    expect(house.outcomes[0]).toMatchObject({
      problems: [{ path: key, message: "cannot change while the gateway runs" }],
    });
    expect(await servedBy(house)).toBe("anthropic/claude-sonnet-4-5");
  });

  it("lets other clients in, and those of before no longer", async () => {
    await using house = await openHouse({ "gateway.keys": ["the-old-key"] });
    const status = async (key: string) =>
      (await ask(`${house.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await status("the-old-key"), await status("the-new-key")]).toEqual([200, 401]);
    house.configure({ "gateway.keys": ["the-new-key"] });
    await until(house, "applied");
    expect([await status("the-old-key"), await status("the-new-key")]).toEqual([401, 200]);
  });

  it("is read again when it is asked for, one reading after the other", async () => {
    await using house = await openHouse();
    expect(await house.gateway.reload()).toEqual({ kind: "unchanged" });
    house.configure(localFirst);
    const outcomes = await Promise.all([house.gateway.reload(), house.gateway.reload()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["applied", "unchanged"]);
  });
});

describe("SIGHUP", () => {
  it("has the config read again, and ends nothing", async () => {
    const folder = makeFolder();
    try {
      folder.config({ gateway: { port: 0, logLevel: "debug" } });
      await using program = startProgram(["serve"], { cwd: folder.path });
      const url = await program.url();
      program.signal("SIGHUP");
      await vi.waitFor(() => expect(program.stderr).toMatch(/"msg":"config","outcome":"unchanged"/), { timeout: 5000 });
      expect((await ask(`${url}/health`)).status).toBe(200);
    } finally {
      folder.remove();
    }
  });
});

describe("what runs while the config changes", () => {
  it("ends under the old one, whole, and the old one ends with it", async () => {
    await using house = await openHouse();
    house.hosted.answerNext({ text: "one two three four five six seven eight nine ten", chunkDelayMs: 100 });
    const stream = follow(`${house.url}/v1/chat/completions`, {
      body: { model: "default", stream: true, messages: [{ role: "user", content: "hi" }] },
    });
    await stream.until(({ events }) => events.length > 1);
    house.configure({ ...localFirst, "models.providers.anthropic": undefined });
    await until(house, "applied");
    expect(await servedBy(house)).toBe("lmstudio/minimax-m2.1-gs32");
    expect(stream.end).toBeUndefined();
    await stream.until(({ end }) => end !== undefined);
    expect([stream.end, stream.headers["x-headgate-model"]]).toEqual(["whole", "anthropic/claude-sonnet-4-5"]);
  });

  it("goes on from responses of before, and blocks stay", async () => {
    await using house = await openHouse();
    const first = await ask(`${house.url}/v1/responses`, { body: { model: "default", input: "the first" } });
    house.configure(localFirst);
    await until(house, "applied");
    const body = { model: "default", input: "the second", previous_response_id: at(first.json, "id") };
    const second = await ask(`${house.url}/v1/responses`, { body });
    expect(second.status).toBe(200);
    expect(JSON.stringify(house.local.requests.at(-1)?.body)).toMatch(/the first.*Hello from.*the second/s);
  });

  it("fails no request, however often the file is written", async () => {
    await using house = await openHouse();
    const statuses: unknown[] = [];
    let over = false;
    const client = async (): Promise<void> => {
      while (!over) statuses.push((await model(house)).status);
    };
    const clients = Array.from({ length: 4 }, client);
    for (let round = 0; round < 10; round++) {
      house.configure(round % 2 === 0 ? localFirst : {});
      expect((await house.gateway.reload()).kind).toMatch(/applied|unchanged/);
    }
    over = true;
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
