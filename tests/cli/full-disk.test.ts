import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ask } from "../harness/ask.ts";
import { readConfig } from "../harness/configs.ts";
import { at } from "../harness/json.ts";
import { type Folder, makeFolder, type Program, startProgram } from "./program.ts";

let local: Simulator;
let folder: Folder;
let state: string;
beforeAll(async () => {
  local = await startSimulator({ kind: "lmstudio" });
});
afterAll(() => local.close());
beforeEach(() => {
  folder = makeFolder();
  state = join(folder.path, "state");
  mkdirSync(state);
  const baseUrl = { "models.providers.lmstudio.baseUrl": local.baseUrl };
  folder.config(readConfig("lmstudio", { ...baseUrl, "gateway.stateDir": state }));
});
afterEach(() => {
  folder.remove();
  local.reset();
});

const serve = (under: readonly string[] = []): Program =>
  startProgram(["serve", "--port", "0"], { cwd: folder.path, under });

/** A disk with room for 1 MiB at the state folder, where the system lets a user have one; its name is `$0`. */
const smallDisk = (name: string): readonly string[] => [
  ...["unshare", "--map-root-user", "--mount", "sh", "-c"],
  ...['mount -t tmpfs -o size=1m headgate "$0" && exec "$@"', name],
];

/** No file may be larger than 1 MiB: blocks of 512 bytes, or of 1024 in some shells. */
const smallFiles = (): readonly string[] => ["sh", "-c", 'ulimit -f 1024 && exec "$@"', "sh"];

const ways = [
  ["a disk of 1 MiB", smallDisk],
  ["a limit on the size of files", smallFiles],
] as const;

function works(way: (name: string) => readonly string[]): boolean {
  const [program = "", ...words] = way("/tmp");
  return spawnSync(program, [...words, "true"]).status === 0;
}

const respond = (url: string, body: object) =>
  ask(`${url}/v1/responses`, { body: { model: "lmstudio/minimax-m2.1-gs32", ...body } });
const receiptOf = (url: string, reply: { readonly headers: Readonly<Record<string, string>> }) =>
  ask(`${url}/receipts/${reply.headers["x-headgate-request-id"]}`);

/** What was not written by now, as /health and /metrics have it. */
async function lostAt(url: string): Promise<{ readonly health: unknown; readonly metrics: number }> {
  const health = at((await ask(`${url}/health`)).json, "state", "lost");
  const { text } = await ask(`${url}/metrics`);
  return { health, metrics: Number(/^headgate_receipts_lost (\d+)$/m.exec(text)?.[1]) };
}

async function untilLost(url: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { health, metrics } = await lostAt(url);
      expect(health).toBeGreaterThan(0);
      expect(metrics).toBe(health);
    },
    { timeout: 15_000, interval: 50 },
  );
}

/** A quarter of what the disk takes. */
const long = "word ".repeat(50_000);

describe.each(ways)("a state folder that %s fills", (_, way) => {
  it("fails no request: what could not be kept is counted, and whoever runs it is told", async ({ skip }) => {
    skip(!works(way), "this system has no such thing for an ordinary user");
    await using program = serve(way(state));
    const url = await program.url();
    const first = await respond(url, { input: "hi" });
    expect((await receiptOf(url, first)).status).toBe(200);
    const replies = [];
    for (let count = 0; count < 12; count++) replies.push(await respond(url, { input: `${count} ${long}` }));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    await untilLost(url);
    // What is not on the disk is in memory yet.
    const next = await respond(url, { input: "more", previous_response_id: at(replies.at(-1)?.json, "id") });
    expect(at(next.json, "status")).toBe("completed");
    expect((await receiptOf(url, first)).status).toBe(200);
    expect((await ask(`${url}/health`)).json).toMatchObject({ status: "ok", state: { status: "ok" } });
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
    expect(program.stderr).toMatch(/state\.sqlite: .+\. \d+ receipts and responses were not kept so far/);
  });
});

describe("a state folder that has room again", () => {
  it("has what was read back before it was full, and keeps what comes", async ({ skip }) => {
    skip(!works(smallFiles), "this system has no such limit");
    const full = serve(smallFiles());
    const crowded = await full.url();
    const before = await respond(crowded, { input: "hi" });
    expect((await receiptOf(crowded, before)).status).toBe(200);
    for (let count = 0; count < 12; count++) await respond(crowded, { input: `${count} ${long}` });
    await untilLost(crowded);
    await full[Symbol.asyncDispose]();
    await using program = serve();
    const url = await program.url();
    expect((await receiptOf(url, before)).status).toBe(200);
    const next = await respond(url, { input: "more", previous_response_id: at(before.json, "id") });
    expect(at(next.json, "status")).toBe("completed");
    expect((await receiptOf(url, next)).status).toBe(200);
    expect((await lostAt(url)).metrics).toBe(0);
  });
});

describe("a state folder that another process holds on to", () => {
  it("slows no request: each would wait two seconds for it, and thirty a minute", async () => {
    await using program = serve();
    const url = await program.url();
    expect((await receiptOf(url, await respond(url, { input: "hi" }))).status).toBe(200);
    const other = new DatabaseSync(join(state, "state.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    for (let count = 0; count < 30; count++) {
      expect((await respond(url, { input: "hi", stream: count % 2 === 1 })).status).toBe(200);
    }
    await untilLost(url);
    other.exec("ROLLBACK");
    other.close();
    expect((await receiptOf(url, await respond(url, { input: "hi" }))).status).toBe(200);
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
  });
});
