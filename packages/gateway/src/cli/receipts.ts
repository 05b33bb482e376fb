import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Receipt } from "@headgate/core";
import { type Command, InvalidArgumentError } from "commander";
import { describeReceipt } from "../observe/describe.ts";
import { stateDir } from "../state-dir.ts";
import { findReceipt, lastReceipts, receiptsAfter } from "../store/receipt-table.ts";
import { stateFile } from "../store/schema.ts";
import { openReadOnly } from "../store/sqlite.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { type CommandContext, loadConfig } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { printJson } from "./print.ts";
import { printReceipt } from "./receipt.ts";
import type { Outlet } from "./terminal.ts";

/** `headgate receipts` */
export function receiptsCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("receipts"))
    .argument("[id]", "the x-headgate-request-id of one request")
    .option("-f, --follow", "go on with new ones as they come, until interrupted")
    .option("-n, --lines <count>", "how many of the latest", parseCount, 20)
    .summary("show what was asked, tried and served")
    .description(
      "Shows the receipts of requests: the latest, or one in full. They are read from gateway.stateDir; no running server is needed.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate receipts
  headgate receipts --follow
  headgate receipts 8c1d0f3a2b4e00001f --json

--json writes a list of receipts, one receipt with an id, and with --follow one a line. Of a backend's own words nothing
is kept, nor of a prompt.`,
    )
    .action(async (id: string | undefined, options: ReceiptsOptions) => done(await receipts(id, options, context)));
}

interface ReceiptsOptions extends ConfigOptions {
  readonly follow?: true;
  readonly lines: number;
}

/** Milliseconds between two looks for new receipts. */
const lookEvery = 300;

type Database = ReturnType<typeof openReadOnly>;

async function receipts(id: string | undefined, options: ReceiptsOptions, context: CommandContext): Promise<number> {
  const { out, environment } = context.terminal;
  const { config, folder } = loadConfig(options, context);
  const file = join(stateDir(config.gateway.stateDir, folder, environment), stateFile);
  if (options.follow !== undefined) await untilThere(file);
  else if (!existsSync(file)) throw new CommandFailure(`There are no receipts yet: ${file} does not exist.`);
  const database = open(file);
  try {
    if (id !== undefined) showOne(database, id, options, out);
    else await showLatest(database, options, out);
    return exitCodes.done;
  } finally {
    database.close();
  }
}

function open(file: string): Database {
  try {
    return openReadOnly(file);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function showOne(database: Database, id: string, { json }: ReceiptsOptions, out: Outlet): void {
  const body = findReceipt(database, id);
  if (body === undefined) throw new CommandFailure(`There is no receipt ${id}, or no longer.`);
  const receipt = JSON.parse(body) as Receipt;
  if (json) printJson(out, receipt);
  else printReceipt(out, receipt);
}

async function showLatest(database: Database, { json, follow, lines }: ReceiptsOptions, out: Outlet): Promise<void> {
  const latest = lastReceipts(database, lines);
  if (json && follow === undefined) {
    const list = latest.map(({ body }) => JSON.parse(body));
    printJson(out, list);
    return;
  }
  const show = (body: string): void => out.line(json ? body : lineOf(JSON.parse(body), out));
  for (const { body } of latest) show(body);
  if (follow === undefined) return;
  for (let last = latest.at(-1)?.sequence ?? 0; ; await pause(lookEvery)) {
    for (const { sequence, body } of receiptsAfter(database, last)) {
      last = sequence;
      show(body);
    }
  }
}

const lineOf = (receipt: Receipt, out: Outlet): string =>
  `${out.paint.dim(receipt.id)}  ${describeReceipt(receipt, out.paint.isColorSupported)}`;

/** Nothing is written before the first request. */
async function untilThere(file: string): Promise<void> {
  while (!existsSync(file)) await pause(lookEvery);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > 100_000) throw new InvalidArgumentError("A count is a number up to 100000.");
  return count;
}
