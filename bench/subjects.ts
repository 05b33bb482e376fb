import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { here, type Subject, start } from "./process.ts";

/** What is measured: how it is started, and how it is asked. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  start(upstreamPort: number, stream: boolean): Promise<Subject>;
  readonly path: string;
  readonly model: string;
  headers?(upstreamPort: number): Record<string, string>;
}

const node = process.execPath;
const listening = /listening on http:\/\/127\.0\.0\.1:(\d+)/i;
const require = createRequire(import.meta.url);

export const startUpstream = (frames: number): Promise<Subject> =>
  start([node, here("upstream.mjs"), String(frames)], listening);

/** A bare proxy, asked on a wire. */
export const floorOn = (path: string): Contender => ({
  name: "floor",
  version: `undici ${(require("undici/package.json") as { version: string }).version}`,
  path,
  model: "m",
  start: (port, stream) => start([node, here("floor.mjs"), String(port), ...(stream ? ["stream"] : [])], listening),
});

/** The rows of `headgate.json5`, one for the wire of each backend. */
const rows = ["local", "responses", "messages"] as const;

/** Starts the product with a config of its own, on any port. */
export const serve = (config: string, settings: readonly string[] = []): Promise<Subject> =>
  start(
    [
      ...[node, here("../packages/headgate/bin/headgate.js"), "serve", "--config", config, "--port", "0"],
      ...settings.flatMap((setting) => ["--set", setting]),
    ],
    listening,
  );

/** The product as people start it, log and receipts on; only where the log goes differs. */
export function headgate(
  name: string,
  path: string,
  row: (typeof rows)[number] = "local",
  settings: readonly string[] = [],
): Contender {
  const { version } = require("../packages/headgate/package.json") as { version: string };
  return {
    name,
    version,
    path,
    model: `${row}/m`,
    start: (port) =>
      serve(here("headgate.json5"), [
        ...rows.map((one) => `models.providers.${one}.baseUrl=http://127.0.0.1:${port}/v1`),
        ...settings,
      ]),
  };
}

/** Installed on demand in a folder of its own outside the tree. */
function portkey(): Contender {
  const folder = join(tmpdir(), "headgate-bench-peers", "portkey");
  const installed = join(folder, "node_modules", "@portkey-ai", "gateway");
  if (!existsSync(installed)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "@portkey-ai/gateway"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  const { version } = require(join(installed, "package.json")) as { version: string };
  const port = 18_787;
  return {
    name: "portkey",
    version,
    path: "/v1/chat/completions",
    model: "m",
    start: () =>
      start(
        [node, join(installed, "build/start-server.js"), `--port=${port}`, "--headless"],
        new RegExp(`(${port})`),
        folder,
      ),
    headers: (upstreamPort) => ({
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${upstreamPort}/v1`,
    }),
  };
}

export const peers: Readonly<Record<string, () => Contender>> = { portkey };

export const contenders: readonly Contender[] = [
  floorOn("/v1/chat/completions"),
  headgate("headgate, same wire", "/v1/chat/completions"),
  headgate("headgate, translated", "/v1/messages"),
];
