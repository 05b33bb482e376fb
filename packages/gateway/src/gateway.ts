import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConfigProblem, type Environment, type Router, sealKeyLength } from "@headgate/core";
import { assemble, type ConfigSource, type Surroundings } from "./assemble.ts";
import { openBlocks } from "./blocks.ts";
import { createClock } from "./clock.ts";
import type { ReadConfig } from "./config-file.ts";
import { cut, drain } from "./drain.ts";
import { createServerFor } from "./http/server.ts";
import { type Current, Serving } from "./http/serving.ts";
import { listen } from "./listen.ts";
import { createLateLog, type LateLog } from "./observe/late-log.ts";
import { createRequestLog, type LogLevel, type RequestLog } from "./observe/log.ts";
import { type Observers, startObservers } from "./observe/observers.ts";
import { Reloader, type ReloadOutcome } from "./reload/reloader.ts";
import { watchConfig } from "./reload/watch.ts";
import { Resets } from "./resets.ts";
import { readSealKey } from "./seal-key.ts";
import { stateDir } from "./state-dir.ts";
import { type Archive, openArchive } from "./store/archive.ts";
import { boundsOf } from "./store/bounds.ts";
import { createKeptResponses } from "./store/response-store.ts";
import { type UndiciTransport, undiciTransport } from "./transport/undici.ts";
import { Sockets } from "./websocket/sockets.ts";

/** What a gateway is started with. */
export interface GatewayOptions extends ConfigSource {
  /** Where `${NAME}` and the plugins' keys are looked up. Default: the process's environment. */
  readonly environment?: Environment;
  /** Makes the log, once its level is known. Default: JSON on stderr. */
  readonly createLog?: (level: LogLevel) => RequestLog;
  /** Told before the port is opened: what is wrong, and which providers are off. */
  readonly onProblems?: (problems: readonly ConfigProblem[]) => void;
  /** Reads the config again. With it the file is watched, and what changes is served. Default: the config stays. */
  readonly readAgain?: () => ReadConfig;
}

/** A running server. */
export interface Gateway {
  /** `http://127.0.0.1:4323`, without a slash at its end. */
  readonly url: string;
  /** The one that serves now. */
  readonly router: Router;
  /** What was wrong at the start. */
  readonly problems: readonly ConfigProblem[];
  readonly log: RequestLog;
  /** Reads the config again and serves it, whole or not at all. Never rejects. */
  reload(): Promise<ReloadOutcome>;
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
  const { read, from, readAgain = () => read } = options;
  const settings = read.config.gateway;
  const transport = undiciTransport({ egress: settings.egress });
  const environment = options.environment ?? process.env;
  const folder = stateDir(settings.stateDir, read.folder, environment);
  const log = createLateLog(options.createLog ?? ((level) => createRequestLog({ level, form: "json" })));
  const archive = openArchive({ folder, bounds: boundsOf(settings), onFault: log.fault });
  let current: Current | undefined;
  const observers = await startObservers({
    log,
    archive,
    settings: () => current?.serving.gateway ?? settings,
    router: () => current?.serving.router ?? router,
    configRefused: () => reloader.refusedAt !== undefined,
    places: { folder: read.folder, from },
  });
  const clock = createClock();
  const resets = new Resets(folder, () => current?.serving.router);
  const surroundings: Surroundings = resets.along({
    ...{ environment, transport: observers.wayOut(transport), clock, sealKey: () => sealKey(folder, log.fault) },
    blocks: openBlocks(folder, log.fault),
    ...(settings.responses !== false && { store: createKeptResponses(archive, settings.responses, clock) }),
    onReceipt: observers.receipt,
    onNotice: observers.notice,
  });
  const { router, problems } = await assemble(options, surroundings);
  options.onProblems?.(problems);
  log.open(settings.logLevel);
  current = { serving: new Serving(router, router.config.gateway) };
  const reloader = new Reloader({
    ...{ read, problems, readAgain, from, surroundings, current },
    onApplied: (gateway) => {
      archive.keep(boundsOf(gateway));
      log.open(gateway.logLevel);
    },
    onOutcome: log.config,
  });
  const sockets = new Sockets(clock);
  const { refused: onRefused, metrics } = observers;
  const server = createServerFor({ current, reloader, archive, metrics, sockets, onRefused, onFault: log.fault });
  const address = await listen(server, settings);
  const watched = options.readAgain === undefined ? undefined : read.file;
  const unwatch = watched === undefined ? () => {} : watchConfig(watched, () => void reloader.reload());
  const parts: Parts = { current, server, sockets, reloader, unwatch, resets, observers, archive, transport, log };
  return runningGateway(parts, urlOf(settings.host, address), problems);
}

/** What runs, and has to be ended. */
interface Parts {
  readonly current: Current;
  readonly server: Server;
  readonly sockets: Sockets;
  readonly reloader: Reloader;
  readonly unwatch: () => void;
  readonly resets: Resets;
  readonly observers: Observers;
  readonly archive: Archive;
  readonly transport: UndiciTransport;
  readonly log: LateLog;
}

function runningGateway(parts: Parts, url: string, problems: readonly ConfigProblem[]): Gateway {
  const { current, server, sockets, reloader, log } = parts;
  let closing: Promise<boolean> | undefined;
  return {
    url,
    get router() {
      return current.serving.router;
    },
    problems,
    log,
    reload: () => reloader.reload(),
    close: ({ graceMs = 30_000 } = {}) => {
      if (closing === undefined) closing = end(parts, graceMs);
      else if (graceMs === 0) cut(server, sockets);
      return closing;
    },
  };
}

/** First whoever could begin something, then the answers, then what has been told of them. True when nothing was cut. */
async function end(parts: Parts, graceMs: number): Promise<boolean> {
  const { current, server, sockets, reloader, unwatch, resets, observers, archive, transport, log } = parts;
  unwatch();
  resets.close();
  await reloader.close();
  const clean = await drain(server, sockets, graceMs);
  current.serving.router.close();
  observers.flush();
  await archive.close();
  await transport.close();
  log.close();
  return clean;
}

/** What is sealed with a key of this process alone opens until it ends: better than no answer. */
function sealKey(folder: string, onFault: (error: unknown) => void): Promise<Uint8Array> {
  return readSealKey(folder).catch((error: unknown) => {
    onFault(error);
    return randomBytes(sealKeyLength);
  });
}

function urlOf(host: string, { port }: AddressInfo): string {
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
