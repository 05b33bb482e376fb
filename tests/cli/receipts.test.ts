import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ask } from "../harness/ask.ts";
import { readConfig } from "../harness/configs.ts";
import { at, listAt } from "../harness/json.ts";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

let local: Simulator;
let folder: Folder;
beforeAll(async () => {
  local = await startSimulator({ kind: "lmstudio" });
});
afterAll(() => local.close());
beforeEach(() => {
  folder = makeFolder();
  folder.config(readConfig("lmstudio", { "models.providers.lmstudio.baseUrl": local.baseUrl }));
});
afterEach(() => {
  folder.remove();
  local.reset();
});

const serve = () => startProgram(["serve", "--port", "0"], { cwd: folder.path });
const receipts = (...words: string[]) => runProgram(["receipts", ...words], { cwd: folder.path });
const say = (url: string, body: object = {}) =>
  ask(`${url}/v1/responses`, { body: { model: "default", input: "the prompt of this test", ...body } });
const idOf = (reply: { readonly headers: Readonly<Record<string, string>> }): string =>
  reply.headers["x-headgate-request-id"] ?? "";

describe("headgate receipts", () => {
  it("lists the latest requests and shows one in full, while the gateway runs and after it", async () => {
    await using program = serve();
    const url = await program.url();
    const reply = await say(url);
    const failed = await say(url, { model: "nobody" });
    await ask(`${url}/receipts/${idOf(failed)}`);
    const running = await receipts();
    expect(running.stdout.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(
        new RegExp(`^${idOf(reply)}  .* 200 responses  default → lmstudio/minimax-m2\\.1-gs32 \\(local\\)`),
      ),
      expect.stringMatching(new RegExp(`^${idOf(failed)}  .* 404 responses  nobody → nobody .*model_missing`)),
    ]);
    program.signal("SIGTERM");
    await program.ended;
    expect(program.stderr).not.toContain("Warning");
    const one = await receipts(idOf(reply));
    expect(one.stdout).toMatch(/CANDIDATE.*\n.*lmstudio\/minimax-m2\.1-gs32.*local.*ATTEMPT.*\n.*ok/s);
    expect(one.stderr).toBe("");
    const asJson = await receipts(idOf(failed), "--json");
    expect(asJson.json()).toMatchObject({ id: idOf(failed), requested: "nobody", outcome: "failed" });
    const list = await receipts("--json", "--lines", "1");
    expect(listAt(list.json()).map((receipt) => at(receipt, "id"))).toEqual([idOf(failed)]);
    expect(running.stdout + one.stdout + asJson.stdout).not.toContain("the prompt of this test");
  });

  it("says that there is none yet, or none of that id", async () => {
    const none = await receipts();
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("There are no receipts yet");
    await using program = serve();
    const url = await program.url();
    await ask(`${url}/receipts/${idOf(await say(url))}`);
    const other = await receipts("nobody");
    expect([other.code, other.stdout]).toEqual([1, ""]);
    expect(other.stderr).toContain("There is no receipt nobody");
  });

  it("goes on with new ones as they come, one a line", async () => {
    await using program = serve();
    const url = await program.url();
    await using following = startProgram(["receipts", "--follow", "--json"], { cwd: folder.path });
    const first = idOf(await say(url));
    await following.until(`"id":"${first}"`);
    const second = idOf(await say(url));
    const said = await following.until(`"id":"${second}"`);
    expect(
      said
        .trim()
        .split("\n")
        .map((line) => at(JSON.parse(line), "id")),
    ).toEqual([first, second]);
  });
});

describe("kill -9", () => {
  it("loses no receipt and no response that was given back, and the state file opens again", async () => {
    const given: { readonly receipt: string; readonly response: string }[] = [];
    {
      await using program = serve();
      const url = await program.url();
      const round = async (): Promise<void> => {
        const reply = await say(url);
        const response = String(at(reply.json, "id"));
        const receipt = await ask(`${url}/receipts/${idOf(reply)}`);
        const kept = await ask(`${url}/v1/responses/${response}`);
        if (receipt.status === 200 && kept.status === 200) given.push({ receipt: idOf(reply), response });
      };
      const client = async (): Promise<void> => {
        for (;;) await round();
      };
      const clients = Array.from({ length: 4 }, () => client().catch(() => {}));
      await expect.poll(() => given.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(40);
      program.signal("SIGKILL");
      await Promise.all([program.ended, ...clients]);
    }
    await using program = serve();
    const url = await program.url();
    const found = await Promise.all(
      given.flatMap(({ receipt, response }) => [
        ask(`${url}/receipts/${receipt}`),
        ask(`${url}/v1/responses/${response}`),
      ]),
    );
    expect(found.filter(({ status }) => status !== 200)).toEqual([]);
    const last = given.at(-1);
    expect((await say(url, { input: "and now?", previous_response_id: last?.response })).status).toBe(200);
  });
});
