import type { LogLevel, RequestLog } from "./log.ts";

/** A log whose level comes with the config, and may change with it. Faults wait for its opening; there is nothing else before. */
export interface LateLog extends RequestLog {
  /** From now on at this level. */
  open(level: LogLevel): void;
}

/** @param create - Makes a log of one level. */
export function createLateLog(create: (level: LogLevel) => RequestLog): LateLog {
  let opened: { readonly level: LogLevel; readonly log: RequestLog } | undefined;
  const early: unknown[] = [];
  return {
    open: (level) => {
      if (opened?.level === level) return;
      opened?.log.close();
      opened = { level, log: create(level) };
      for (const error of early.splice(0)) opened.log.fault(error);
    },
    receipt: (receipt) => opened?.log.receipt(receipt),
    refused: (refusal) => opened?.log.refused(refusal),
    notice: (notice) => opened?.log.notice(notice),
    config: (outcome) => opened?.log.config(outcome),
    fault: (error) => (opened === undefined ? void early.push(error) : opened.log.fault(error)),
    close: () => opened?.log.close(),
  };
}
