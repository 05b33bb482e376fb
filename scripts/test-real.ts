import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { keepFixture } from "./real/fixtures.ts";
import { exitCodeOf, linesOf } from "./real/report.ts";
import { type Result, runServer } from "./real/run.ts";
import { servers } from "./real/servers.ts";

const help = `Sets real servers up, and tells where their simulations differ from them.

  npm run test:real -- [all | ${servers.map(({ name }) => name).join(" | ")}]... [options]

  --keep   keep what was seen as fixtures, under the server's name and version
  --json   print JSON

What it needs and does: docs/real-servers.md. Exits with 1 where a server and its simulation differ, 2 where none was run.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const { env: environment } = process;
const cache = join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "headgate", "real");
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const names = positionals.length === 0 || positionals.includes("all") ? servers.map(({ name }) => name) : positionals;
  const unknown = names.find((name) => !servers.some((server) => server.name === name));
  if (values.help || unknown !== undefined) {
    process.stdout.write(unknown === undefined ? help : `There is no server ${unknown}.\n\n${help}`);
    return unknown === undefined ? 0 : 2;
  }
  const results: Result[] = [];
  for (const server of servers.filter(({ name }) => names.includes(name))) {
    const result = await runServer(server, { cache, environment, log });
    if (!values.json) process.stdout.write(`${linesOf(result).join("\n")}\n`);
    if (values.keep && result.kind === "compared")
      keepFixture(`${result.server}-${result.version}`, result.seen, cache);
    results.push(result);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return exitCodeOf(results);
}

process.exitCode = await main();
