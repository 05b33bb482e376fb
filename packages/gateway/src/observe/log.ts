import type { Config, Notice, Receipt } from "@headgate/core";
import sonicBoom from "sonic-boom";
import type { ReloadOutcome } from "../reload/reloader.ts";
import { createBatch } from "./batch.ts";
import { describeReceipt, describeRefusal } from "./describe.ts";
import { type Refusal, refusalFields, requestFields } from "./fields.ts";
import { describeNotice, noticeFields, noticeLevel } from "./notice.ts";
import { describeReload, reloadFields, reloadLevel } from "./reload.ts";

/** How much is logged, as `gateway.logLevel` says it. */
export type LogLevel = Config["gateway"]["logLevel"];

/** One line for each request. Holds no prompt, no key and no header. */
export interface RequestLog {
  receipt(receipt: Receipt): void;
  refused(refusal: Refusal): void;
  /** What happens beside the requests, or after them. */
  notice(notice: Notice): void;
  /** The config was read again. */
  config(outcome: ReloadOutcome): void;
  /** Something that must never happen. */
  fault(error: unknown): void;
  /** Writes what is still held back; the last call. */
  close(): void;
}

/** How to log. */
export interface LogOptions {
  readonly level: LogLevel;
  /** `json`: one object a line. `text`: for people. */
  readonly form: "json" | "text";
  /** Colours in text. */
  readonly color?: boolean;
}

/** Logs to stderr. */
export function createRequestLog(options: LogOptions): RequestLog {
  return options.form === "text" ? createTextLog(options) : createJsonLog(options);
}

/** More than this is dropped while nobody reads: a request never waits for the log. */
const mostHeld = 16 * 1024 * 1024;

function createJsonLog({ level }: LogOptions): RequestLog {
  const destination = new sonicBoom.SonicBoom({ fd: 2, sync: false, maxLength: mostHeld });
  const batch = createBatch<string>((lines) => destination.write(lines.join("")));
  const time = createTimestamp();
  const flush = (): void => {
    batch.flush();
    destination.flushSync();
  };
  process.once("exit", flush);
  const add = (name: LogLevel, msg: string, fields: () => object): void => {
    if (ranks[name] < ranks[level]) return;
    batch.add(`{"level":"${name}","time":"${time()}","msg":"${msg}",${JSON.stringify(fields()).slice(1)}\n`);
  };
  return {
    receipt: (receipt) => add(receipt.outcome === "failed" ? "warn" : "info", "request", () => requestFields(receipt)),
    refused: (refusal) => add("info", "request", () => refusalFields(refusal)),
    notice: (notice) => add(noticeLevel(notice), notice.kind, () => noticeFields(notice)),
    config: (outcome) => add(reloadLevel(outcome), "config", () => reloadFields(outcome)),
    fault: (error) => add("error", "fault", () => faultFields(error)),
    close: () => {
      process.off("exit", flush);
      flush();
    },
  };
}

/** ISO 8601, of which all but the milliseconds is made once a second. */
function createTimestamp(): () => string {
  let second = 0;
  let beginning = "";
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      beginning = new Date(current * 1000).toISOString().slice(0, 20);
    }
    return `${beginning}${String(now % 1000).padStart(3, "0")}Z`;
  };
}

function faultFields(error: unknown): object {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
}

const ranks: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: 99,
};

function createTextLog({ level, color = false }: LogOptions): RequestLog {
  const write = (name: LogLevel, text: () => string): void => {
    if (ranks[name] >= ranks[level]) process.stderr.write(`${text()}\n`);
  };
  return {
    receipt: (receipt) => write(receipt.outcome === "failed" ? "warn" : "info", () => describeReceipt(receipt, color)),
    refused: (refusal) => write("info", () => describeRefusal(refusal, color)),
    notice: (notice) => write(noticeLevel(notice), () => describeNotice(notice)),
    config: (outcome) => write(reloadLevel(outcome), () => describeReload(outcome)),
    fault: (error) => write("error", () => `fault: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    close: () => {},
  };
}
