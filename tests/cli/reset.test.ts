import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask } from "../harness/ask.ts";
import { readConfig } from "../harness/configs.ts";
import { at } from "../harness/json.ts";
import { type Folder, makeFolder, runProgram, startProgram } from "./program.ts";

const sonnet = "anthropic/claude-sonnet-4-5";
const minimax = "lmstudio/minimax-m2.1-gs32";
const environment = { ANTHROPIC_API_KEY: "sk-ant-x" };

let folder: Folder;
let hosted: Simulator;
let local: Simulator;
beforeAll(async () => {
  folder = makeFolder();
  hosted = await startSimulator({ kind: "anthropic" });
  local = await startSimulator({ kind: "lmstudio" });
});
afterAll(async () => {
  folder.remove();
  await hosted.close();
  await local.close();
});

it("headgate status --reset closes an open breaker of the gateway that runs, and of no other model", async () => {
  const config = readConfig("hybrid-hosted-first", {
    "models.providers.anthropic.baseUrl": hosted.baseUrl,
    "models.providers.lmstudio.baseUrl": local.baseUrl,
  });
  const file = folder.config(config);
  const run = (...words: string[]) => runProgram(words, { cwd: folder.path, environment });
  await using program = startProgram(["serve", "--port", "0", "--config", file], { cwd: folder.path, environment });
  const url = await program.url();
  const served = async (model: string) => {
    const body = { model, input: "hi" };
    return (await ask(`${url}/v1/responses`, { body })).headers["x-headgate-model"];
  };
  const open = async () => {
    const providers = at((await ask(`${url}/health`)).json, "providers") as { id: string; breakers?: object[] }[];
    return providers.find(({ id }) => id === "anthropic")?.breakers ?? [];
  };

  hosted.fail({ kind: "status", status: 500 });
  for (let index = 0; index < 5; index++) expect(await served("default")).toBe(minimax);
  for (let index = 0; index < 5; index++) await served("anthropic/claude-opus-4-6");
  expect(await open()).toMatchObject([
    { model: "claude-sonnet-4-5", state: "open", failure: "bad_answer" },
    { model: "claude-opus-4-6", state: "open" },
  ]);
  hosted.heal();
  const asked = hosted.requests.length;
  expect(await served("default")).toBe(minimax);
  expect(hosted.requests).toHaveLength(asked);

  const port = ["--set", `gateway.port=${new URL(url).port}`];
  const explained = await run("explain", "sonnet", "--tools", ...port);
  expect(explained.stdout).toMatch(
    /\nanthropic: the breaker of claude-sonnet-4-5 is open for \d+ s more in the gateway that runs \(bad_answer\); /,
  );

  const reset = await run("status", "--reset", sonnet);
  expect(reset.code).toBe(0);
  expect(reset.stderr).toContain(`A gateway that serves this config asks ${sonnet} again, whatever its failures.`);
  await expect
    .poll(open, { timeout: 5000, interval: 50 })
    .toEqual([expect.objectContaining({ model: "claude-opus-4-6", state: "open" })]);
  expect(await served("default")).toBe(sonnet);
});
