import type { Config, Receipt } from "@headgate/core";
import pino from "pino";
import { describeReceipt, describeRefusal } from "./describe.ts";
import { type Fields, requestFields } from "./fields.ts";

/** How much is logged, as `gateway.logLevel` says it. */
export type LogLevel = Config["gateway"]["logLevel"];

/** A request that never reached a model: refused at the door, with the status that said so. */
export interface Refusal {
  readonly id: string;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly message: string;
}

/** One line for each request. Holds no prompt, no key and no header. */
export interface RequestLog {
  receipt(receipt: Receipt): void;
  refused(refusal: Refusal): void;
  /** Something that must never happen. */
  fault(error: unknown): void;
  /** Writes what is still held back. */
  flush(): void;
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

/** Lines are held back for a quarter of a second or 4 KiB: a request never waits for whoever reads them. */
const buffering = { fd: 2, sync: false, minLength: 4096, periodicFlush: 250, maxLength: 16 * 1024 * 1024 };

function createJsonLog({ level }: LogOptions): RequestLog {
  const destination = pino.destination(buffering);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    receipt: (receipt) => {
      const name = receipt.outcome === "failed" ? "warn" : "info";
      if (logger.isLevelEnabled(name)) logger[name](requestFields(receipt), "request");
    },
    refused: ({ message, ...refusal }) => logger.info({ ...refusal, outcome: "refused", reason: message }, "request"),
    fault: (error) => logger.error(faultFields(error), "fault"),
    flush: () => destination.flushSync(),
  };
}

function faultFields(error: unknown): Fields {
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
    fault: (error) => write("error", () => `fault: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    flush: () => {},
  };
}
