import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigProblem, Receipt } from "@headgate/core";
import { startSimulator } from "@headgate/simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigRefused } from "./assemble.ts";
import { readConfig } from "./config-file.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { ListenError } from "./listen.ts";
import type { Refusal } from "./observe/fields.ts";
import type { RequestLog } from "./observe/log.ts";

const plugin = (auth = "") => `
  const config = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  const create = ({ baseUrl }) => ({
    wires: { chat: "exact" },
    origins: [new URL(baseUrl).origin],
    places: () => ["local"],
    request: () => ({ url: baseUrl + "/chat/completions" }),
    failure: () => ({ kind: "overloaded", message: "busy" }),
  });
  export default { contract: 1, kind: "acme", config, create, ${auth} };`;

let folder = "";
let gateways: Gateway[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-gateway-"));
  writeFileSync(join(folder, "acme.js"), plugin());
  writeFileSync(join(folder, "keyed.js"), plugin('auth: { header: "x-key", env: "KEYED", required: true }'));
  gateways = [];
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close({ graceMs: 0 })));
  rmSync(folder, { recursive: true, force: true });
});

async function start(value: object) {
  // Nothing of this user's is read or written.
  const environment = { HOME: folder };
  const file = join(folder, "headgate.json5");
  writeFileSync(file, JSON.stringify({ gateway: { port: 0 }, ...value }));
  const receipts: Receipt[] = [];
  const refused: Refusal[] = [];
  let problems: readonly ConfigProblem[] = [];
  const log: RequestLog = {
    notice: () => {},
    config: () => {},
    receipt: (receipt) => receipts.push(receipt),
    refused: (refusal) => refused.push(refusal),
    fault: () => {},
    close: () => {},
  };
  const gateway = await startGateway({
    read: readConfig({ file, environment }),
    from: import.meta.url,
    environment,
    createLog: () => log,
    onProblems: (found) => {
      problems = found;
    },
  });
  gateways.push(gateway);
  return { gateway, receipts, refused, problems };
}

const row = (baseUrl: string, path = "./acme.js") => ({ plugin: path, baseUrl, models: [{ id: "m" }] });
const ask = (url: string, model: string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
  });

describe("startGateway", () => {
  it("serves a config through plugins beside its file, with a receipt for each request", async () => {
    await using backend = await startSimulator({ kind: "openai-compatible", models: [{ id: "m" }] });
    const { gateway, receipts, refused } = await start({ models: { providers: { acme: row(backend.baseUrl) } } });
    const reply = await ask(gateway.url, "acme/m");
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain("Hello from");
    expect((await fetch(`${gateway.url}/nothing`)).status).toBe(404);
    expect(receipts.map(({ served }) => served)).toEqual(["acme/m"]);
    expect(refused).toMatchObject([{ status: 404, method: "GET", path: "/nothing" }]);
  });

  it("tells of every problem once, and serves what is left", async () => {
    const providers = {
      acme: row("http://127.0.0.1:9"),
      broken: row("nowhere"),
      gone: row("http://127.0.0.1:9", "./gone.js"),
      keyed: row("http://127.0.0.1:9", "./keyed.js"),
    };
    const { gateway, problems } = await start({ models: { providers } });
    expect(problems.map(({ severity, path }) => `${severity} ${path}`).sort()).toEqual([
      "error models.providers.broken.baseUrl",
      "error models.providers.gone.plugin",
      "warning models.providers.keyed.apiKey",
    ]);
    const health = await fetch(`${gateway.url}/health`).then((reply) => reply.json());
    expect(health).toEqual({
      status: "ok",
      providers: expect.arrayContaining([
        { id: "acme", status: "ready" },
        { id: "broken", status: "disabled" },
        { id: "gone", status: "disabled" },
        { id: "keyed", status: "disabled" },
      ]),
    });
  });

  it("refuses a config with an error that is not one provider's, with all of them", async () => {
    const refused = await start({ gateway: { prot: 1 }, routes: { "a/b": {} } }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigRefused);
    expect((refused as ConfigRefused).problems.map(({ path }) => path)).toContain("gateway.prot");
  });

  it("says that a port is in use, and how to take another", async () => {
    const { gateway } = await start({});
    const port = Number(new URL(gateway.url).port);
    const refused = await start({ gateway: { port } }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ListenError);
    expect((refused as ListenError).message).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*--port`));
  });

  it("writes an IPv6 address as a URL does", async () => {
    const { gateway } = await start({ gateway: { port: 0, host: "::1" } });
    expect(gateway.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });

  it("cuts what still runs when its grace is over, and says that it did", async () => {
    await using backend = await startSimulator({ kind: "openai-compatible", models: [{ id: "m" }] });
    backend.fail({ kind: "hang" });
    const { gateway } = await start({ models: { providers: { acme: row(backend.baseUrl) } } });
    const asked = ask(gateway.url, "acme/m").catch((error: unknown) => error);
    await backend.waitFor(({ wire }) => wire === "chat");
    const closedUpstream = backend.nextClose();
    expect(await gateway.close({ graceMs: 10 })).toBe(false);
    expect(await asked).toBeInstanceOf(TypeError);
    expect((await closedUpstream).closedByClient).toBe(true);
  });
});
