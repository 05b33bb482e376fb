import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import {
  type ConfigProblem,
  type Environment,
  type Notice,
  type Receipt,
  type Router,
  sealKeyLength,
} from "@headgate/core";
import { assemble, type ConfigSource } from "./assemble.ts";
import { openBlocks } from "./blocks.ts";
import { createClock } from "./clock.ts";
import { cut, drain } from "./drain.ts";
import { createHttpServer } from "./http/server.ts";
import { listen } from "./listen.ts";
import { toReceiptEntry } from "./observe/kept-receipt.ts";
import { createRequestLog, type LogLevel, type RequestLog } from "./observe/log.ts";
import { readSealKey } from "./seal-key.ts";
import { stateDir } from "./state-dir.ts";
import { openArchive } from "./store/archive.ts";
import { boundsOf } from "./store/bounds.ts";
import { createKeptResponses } from "./store/response-store.ts";
import { undiciTransport } from "./transport/undici.ts";
import { Sockets } from "./websocket/sockets.ts";

/** What a gateway is started with. */
export interface GatewayOptions extends ConfigSource {
  /** Where `${NAME}` and the plugins' keys are looked up. Default: the process's environment. */
  readonly environment?: Environment;
  /** Makes the log, once its level is known. Default: JSON on stderr. */
  readonly createLog?: (level: LogLevel) => RequestLog;
  /** Told before the port is opened: what is wrong, and which providers are off. */
  readonly onProblems?: (problems: readonly ConfigProblem[]) => void;
}

/** A running server. */
export interface Gateway {
  /** `http://127.0.0.1:4323`, without a slash at its end. */
  readonly url: string;
  readonly router: Router;
  readonly problems: readonly ConfigProblem[];
  readonly log: RequestLog;
  /**
   * Stops accepting, lets running answers end, and cuts what is left after `graceMs` (default 30,000). Resolves with
   * true when nothing was cut. A second call with a shorter grace counts as well: 0 ends at once.
   */
  close(options?: { readonly graceMs?: number }): Promise<boolean>;
}

/**
 * Starts a gateway from a config that has been read. What is wrong with one provider disables that one alone.
 *
 * @throws ConfigRefused when the config is not to be served; ListenError when the port cannot be had.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const transport = undiciTransport({ egress: options.read.config.gateway.egress });
  const clock = createClock();
  const environment = options.environment ?? process.env;
  let log: RequestLog | undefined;
  const { read } = options;
  const folder = stateDir(read.config.gateway.stateDir, read.folder, environment);
  const early: unknown[] = [];
  const onFault = (error: unknown): void => (log === undefined ? void early.push(error) : log.fault(error));
  const sealKey = (): Promise<Uint8Array> =>
    readSealKey(folder).catch((error: unknown) => {
      // What is sealed with a key of this process alone opens until it ends: better than no answer.
      onFault(error);
      return randomBytes(sealKeyLength);
    });
  const { receipts, responses } = read.config.gateway;
  const archive = openArchive({ folder, bounds: boundsOf(read.config.gateway), onFault });
  const keepReceipt = (receipt: Receipt): void => {
    if (receipts !== false) archive.add(toReceiptEntry(receipt));
  };
  const { router, problems } = await assemble(options, {
    environment,
    transport,
    clock,
    sealKey,
    blocks: openBlocks(folder, onFault),
    ...(responses !== false && { store: createKeptResponses(archive, responses, clock) }),
    onReceipt: (receipt) => {
      log?.receipt(receipt);
      keepReceipt(receipt);
    },
    onNotice: (notice: Notice) => {
      log?.notice(notice);
      if (notice.kind === "evidence" && notice.evidence !== undefined) keepReceipt(notice.receipt);
    },
  });
  options.onProblems?.(problems);
  const { gateway } = router.config;
  const requestLog = (options.createLog ?? ((level) => createRequestLog({ level, form: "json" })))(gateway.logLevel);
  log = requestLog;
  early.forEach(requestLog.fault);
  const sockets = new Sockets(clock);
  const server = createHttpServer({
    router,
    gateway,
    archive,
    sockets,
    onRefused: requestLog.refused,
    onFault: requestLog.fault,
  });
  const address = await listen(server, gateway);
  let closing: Promise<boolean> | undefined;
  const close = async (graceMs: number): Promise<boolean> => {
    const clean = await drain(server, sockets, graceMs);
    router.close();
    await archive.close();
    await transport.close();
    requestLog.close();
    return clean;
  };
  return {
    url: urlOf(gateway.host, address),
    router,
    problems,
    log: requestLog,
    close: ({ graceMs = 30_000 } = {}) => {
      if (closing === undefined) closing = close(graceMs);
      else if (graceMs === 0) cut(server, sockets);
      return closing;
    },
  };
}

function urlOf(host: string, { port }: AddressInfo): string {
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
