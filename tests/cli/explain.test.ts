import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../harness/configs.ts";
import { type Folder, makeFolder, runProgram } from "./program.ts";

const sonnet = "anthropic/claude-sonnet-4-5";
const minimax = "lmstudio/minimax-m2.1-gs32";

describe("headgate explain that simulates", () => {
  let folder: Folder;
  let hosted: Simulator;
  let local: Simulator;
  beforeAll(async () => {
    folder = makeFolder();
    hosted = await startSimulator({ kind: "anthropic" });
    local = await startSimulator({ kind: "lmstudio" });
    folder.config(
      readConfig("hybrid-hosted-first", {
        "models.providers.anthropic.baseUrl": hosted.baseUrl,
        "models.providers.anthropic.place": "us",
        "models.providers.lmstudio.baseUrl": local.baseUrl,
      }),
    );
  });
  beforeEach(() => {
    hosted.reset();
    local.reset();
  });
  afterAll(async () => {
    folder.remove();
    await hosted.close();
    await local.close();
  });
  const run = (...words: string[]) =>
    runProgram(["explain", ...words], {
      cwd: folder.path,
      environment: { ANTHROPIC_API_KEY: "sk-ant-very-secret" },
    });

  it("shows each attempt in its order, who is not asked, and what the client gets, and asks nobody", async () => {
    const { code, stdout, stderr } = await run("sonnet", "--fail", "anthropic=529", "--cold", "MiniMax Local");
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n").map((line) => line.trimEnd());
    expect(lines[0]).toBe(`sonnet, by the route default, on chat: ${minimax} answers after 3 attempts and 30.1 s`);
    expect(lines[2]).toMatch(/^AT +MODEL +PLACE +ON +OUTCOME +STATUS +TOOK +WHY$/);
    expect(lines[3]).toMatch(
      /^0 ms +anthropic\/claude-sonnet-4-5 +\w+ +messages +overloaded +529 +0 ms +simulated: HTTP 529$/,
    );
    expect(lines[4]).toMatch(/^125 ms .* 0 ms +asked again after 125 ms; simulated: HTTP 529$/);
    expect(lines[5]).toMatch(/^125 ms +lmstudio\/\S+ +local +responses +ok +200 +30\.0 s +loaded for 30\.0 s$/);
    expect(lines[6]).toMatch(/^- +anthropic\/claude-opus-4-6 .* not asked$/);
    expect(lines.slice(8)).toEqual([
      "The client gets the answer, with status 200.",
      "Simulated: nothing was sent. Clocks, loads and waits take their time, all else takes none.",
      "",
    ]);
    expect([hosted.requests, local.requests, local.looks]).toEqual([[], [], []]);
  });

  it("writes the receipt and what the client gets as JSON, without a key", async () => {
    const outcome = await run(
      "default",
      "--fail",
      "anthropic=401",
      "--fail",
      `${minimax}=refuse`,
      "--wire",
      "messages",
      "--json",
    );
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toMatchObject({
      receipt: {
        requested: "default",
        wire: "messages",
        candidates: [{ ref: sonnet }, { ref: minimax }, { ref: "anthropic/claude-opus-4-6" }],
        attempts: [
          { ref: sonnet, outcome: "unauthenticated", status: 401 },
          { ref: minimax, outcome: "unreachable" },
          { outcome: "unauthenticated" },
        ],
        failure: { kind: "unauthenticated" },
      },
      client: { status: 502, error: { type: "api_error", message: expect.stringContaining("none answered") } },
      notes: [],
    });
    expect(outcome.stdout).not.toContain("sk-ant");
  });

  it("plays a stream: heartbeats with status 200, and then the error", async () => {
    const { stdout } = await run("default", "--stream", "--fail", "anthropic=hang", "--fail", "lmstudio=timeout");
    expect(stdout).toContain("on chat, streamed: nobody answers after 3 attempts and 540.0 s");
    expect(stdout).toMatch(/420\.0 s +anthropic\/claude-opus-4-6 .* timeout +120\.0 s/);
    expect(stdout).toContain(
      "The client gets heartbeats with status 200, and then the error timeout_error, provider_timeout",
    );
  });

  it("says who is skipped: outside the boundary, too small", async () => {
    const bounded = await run(sonnet, "--within", "local", "--tools");
    expect(bounded.stdout).toContain(`${sonnet}, within local, on chat: nobody is asked`);
    expect(bounded.stdout).toMatch(/- +anthropic\/\S+ +\S+ +skipped +outside the boundary local/);
    expect(bounded.stdout).toContain("The client gets status 400, the error invalid_request_error, outside_boundary");
    const large = await run("default", "--tokens", "300000", "--wire", "messages");
    expect(large.stdout).toMatch(/skipped +its window takes 196608 tokens, and the request has about 300000/);
    expect(large.stdout).toContain("prompt is too long: 300000 tokens > 200000 maximum");
  });

  it("says of a model that nobody can load that the request waits for it", async () => {
    const { stdout } = await run(sonnet, "--cold", `${sonnet}=5s`);
    expect(stdout).toContain(`${sonnet} answers after one attempt and 5.0 s`);
    expect(stdout).toContain(`${sonnet}: Headgate has no way to have it loaded`);
  });

  it("says of a region that is read from a provider that it has not been", async () => {
    const region = ["--set", "models.providers.openrouter={ apiKey: 'sk-or', region: 'eu' }"];
    const { stdout } = await run("openrouter/z-ai/glm-5", "--stream", ...region);
    expect(stdout).toContain("nobody is asked");
    expect(stdout).toContain("openrouter/z-ai/glm-5: a gateway that serves reads from its provider where it runs");
  });

  it.each([
    [
      ["--fail", "anthropc=529"],
      '--fail anthropc=529: "anthropc" is no candidate of default',
      'Did you mean "anthropic"?',
    ],
    [["--fail", "openai=529"], '"openai" is no candidate of default', `Its candidates: ${sonnet}, ${minimax}`],
    [["--cold", "lmstudio/minimax-m2.1"], "--cold lmstudio/minimax-m2.1", `Did you mean "${minimax}"`],
    [["--fail", "anthropic=overloded"], "is no status from 400 to 599 and no failure", 'Did you mean "overloaded"?'],
    [["--fail", "anthropic=200"], '"200" is no status', "There are unreachable, "],
  ])("says what is wrong with %j, and exits with 1", async (words, said, way) => {
    const { code, stdout, stderr } = await run("default", ...words);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(said);
    expect(stderr).toContain(way);
  });

  it.each([
    [["--fail", "529"], "Write a model or a provider, an equals sign, and a status or a failure."],
    [["--tokens", "many"], "A number of tokens is from 1 to 10000000."],
    [["--wire", "smoke"], "Allowed choices are chat, responses, messages."],
  ])("refuses %j as misuse, with exit code 2", async (words, said) => {
    const { code, stderr } = await run("default", ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it("says of a name that there is not what it says without simulating", async () => {
    const { code, stderr } = await run("Sonet", "--fail", "anthropic=529");
    expect([code, stderr]).toEqual([1, 'There is no model, alias or route "Sonet". Did you mean: "Sonnet"?\n']);
  });
});
