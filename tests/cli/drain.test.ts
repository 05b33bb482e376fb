import { connect } from "node:net";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../harness/configs.ts";
import { type Folder, makeFolder, type Program, startProgram } from "./program.ts";

let local: Simulator;
let folder: Folder;
beforeAll(async () => {
  local = await startSimulator({ kind: "lmstudio" });
});
afterAll(() => local.close());
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => {
  folder.remove();
  local.reset();
});

function serve(): Program {
  folder.config(readConfig("lmstudio", { "models.providers.lmstudio.baseUrl": local.baseUrl }));
  return startProgram(["serve", "--port", "0"], { cwd: folder.path });
}

/** Starts a stream, and comes back with what has arrived by the first output. */
async function startStream(url: string): Promise<{ reader: ReadableStreamDefaultReader<Uint8Array>; text: string }> {
  const reply = await fetch(`${url}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "default", input: "Hello", stream: true }),
  });
  const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  while (!text.includes("output_text.delta")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`it ended before any output: ${text}`);
    text += Buffer.from(value).toString("utf8");
  }
  return { reader, text };
}

async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += Buffer.from(value).toString("utf8");
  }
}

describe("headgate serve, told to end,", () => {
  it("lets a running stream end, takes no new connection, and ends with 0", async () => {
    local.answer({ text: ["one ", "two ", "three ", "four ", "five"], chunkDelayMs: 100 });
    await using program = serve();
    const url = await program.url();
    const { reader, text } = await startStream(url);
    program.signal("SIGTERM");
    const whole = text + (await rest(reader));
    expect(whole).toContain("one two three four five");
    expect(whole).toContain("response.completed");
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(await program.ended).toBe(0);
    expect(program.stderr).toContain('"outcome":"ok"');
  });

  it("takes no new connection while a stream still runs", async () => {
    local.fail({ kind: "hang-after", outputs: 1 });
    await using program = serve();
    const url = await program.url();
    const { reader } = await startStream(url);
    program.signal("SIGTERM");
    await refused(url);
    await reader.cancel();
    expect(await program.ended).toBe(0);
  });

  it("is not held up by an idle connection", async () => {
    await using program = serve();
    const { hostname, port } = new URL(await program.url());
    const socket = connect(Number(port), hostname);
    socket.write(`GET /health HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    program.signal("SIGINT");
    await closed;
    expect(await program.ended).toBe(0);
  });

  it("ends at once when it is told a second time, cutting what still runs on both sides", async () => {
    local.fail({ kind: "hang-after", outputs: 1 });
    await using program = serve();
    const url = await program.url();
    const { reader } = await startStream(url);
    const upstreamClosed = local.nextClose();
    program.signal("SIGTERM");
    await refused(url);
    const since = performance.now();
    program.signal("SIGTERM");
    await expect(rest(reader)).rejects.toThrow();
    expect(await program.ended).toBe(143);
    expect(performance.now() - since).toBeLessThan(2000);
    expect((await upstreamClosed).closedByClient).toBe(true);
  });
});

/** Resolves once nobody listens there any more. */
async function refused(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const connects = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  while (await connects()) await new Promise((resolve) => setImmediate(resolve));
}
