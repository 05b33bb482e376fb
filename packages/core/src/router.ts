import type { BreakerState } from "./admit/breaker.ts";
import { type Candidates, createCandidates } from "./candidates.ts";
import type { Config, ConfigProblem, Environment } from "./config/index.ts";
import { formatProblem, parseConfig } from "./config/index.ts";
import { endpoint } from "./endpoint.ts";
import { type BlockStore, createMemoryBlocks, type Notice, withBlocks } from "./evidence/index.ts";
import { type Explanation, explain } from "./explain.ts";
import { createRouterFetch, fetchTransport } from "./fetch.ts";
import { type House, handle } from "./handle.ts";
import { beginLasting, endLasting, keepUnchanged, type Lasting } from "./lasting.ts";
import { type LoadOptions, type LoadResult, loadModel } from "./load/index.ts";
import { listModels, type ModelListing } from "./model-list.ts";
import type { Directory } from "./names/index.ts";
import { createDirectory, parseRef } from "./names/index.ts";
import type { Clock, EndpointRequest, Inbound, Outbound, Transport } from "./ports.ts";
import type { Boundary, ProviderPlugin } from "./provider/index.ts";
import { createProviders, type ProviderEntry } from "./providers.ts";
import type { Receipt } from "./receipt/receipt.ts";
import type { SealKey } from "./state/seal-box.ts";
import type { ResponseStore } from "./state/store.ts";

/** What a router is made of. Only `config` and `plugins` are needed. */
export interface RouterOptions {
  /** The user's file, parsed as JSON5 or written as an object; checked here. */
  readonly config: unknown;
  /** By provider id. A list goes by each plugin's kind. */
  readonly plugins: ReadonlyMap<string, ProviderPlugin> | readonly ProviderPlugin[];
  /** Rows that could not be loaded, with the reason; they are disabled. */
  readonly disabled?: ReadonlyMap<string, string>;
  /** Where `${NAME}` and the plugins' key variables are looked up. Default: nothing; a library must not read the environment unasked. */
  readonly environment?: Environment;
  /** Default: the runtime's `fetch`. */
  readonly transport?: Transport;
  readonly clock?: Clock;
  /** 0 ≤ x < 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Called once a request, at its end. */
  readonly onReceipt?: (receipt: Receipt) => void;
  /** Told of what happens beside the requests: models that could not be read, evidence of places, providers blocked by it. */
  readonly onNotice?: (notice: Notice) => void;
  /** Remembers which providers answered from where they must not. Default: memory, which a restart forgets. */
  readonly blocks?: BlockStore;
  /** Keeps responses for later turns. Default: 64 MiB of memory, for a day. */
  readonly store?: ResponseStore;
  /** Seals what clients keep for Headgate. Default: made anew, so that a restart forgets. */
  readonly sealKey?: SealKey;
  /**
   * The router whose place this one takes, with the same transport, clock, store, blocks and callbacks. What it knows goes on: stored
   * responses, seals, and all of providers whose rows have not changed. Close it when its last answer has ended.
   */
  readonly previous?: Router;
}

/** The decisions of Headgate, without a server. */
export interface Router {
  /** Answers one request that has been read and checked. Never rejects. */
  handle(inbound: Inbound): Promise<Outbound>;
  /** The same behind the Fetch API, with paths, methods and bodies checked: give it to an official client as its `fetch`. */
  fetch(request: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Which candidates a model name has and which would be skipped, and why. Asks nobody. */
  explain(model: string | undefined, options?: { readonly within?: Boundary }): Explanation;
  /** Has the model behind a name loaded, the first one where it stands for several, as a request would. Never rejects. */
  load(model: string, options?: LoadOptions): Promise<LoadResult>;
  /** Answers for what was kept of earlier requests; `undefined` where nothing is kept. Never rejects. */
  endpoint(request: EndpointRequest): Promise<Outbound | undefined>;
  /** Who is left alone for a while, after it has failed too often. */
  breakers(): readonly BreakerState[];
  /** Lets a provider, or one ref, be asked again at once. False where nothing kept it from that. */
  reset(ref: string): boolean;
  /** Every alias, route and model that can be asked for. Asks nobody. */
  models(): readonly ModelListing[];
  readonly config: Config;
  readonly directory: Directory;
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  /** What is wrong with the config and the plugins; rows with an error are disabled. */
  readonly problems: readonly ConfigProblem[];
  /** Ends what goes on beside the requests. Those that are being answered are left alone. */
  close(): void;
}

const lastingOf = new WeakMap<Router, Lasting>();

const { timeOrigin } = performance;

const wallClock: Clock = {
  // Monotonic, so that no correction of the system's time stretches a clock or a duration.
  now: () => timeOrigin + performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  background: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    // Node has something to unref, browsers have a number.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
};

/** The config holds an error that is not one provider's: what its author meant, a boundary perhaps, would be lost. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
  }
}

/**
 * Makes a router. What is wrong with a row or its plugin disables that row alone; see {@link Router.problems}.
 *
 * @throws ConfigError when the config holds an error that is not one provider's.
 *
 * @example
 * const router = createRouter({ config, plugins: [lmstudio, anthropic] });
 * const client = new OpenAI({ apiKey: "any", baseURL: "http://headgate/v1", fetch: router.fetch });
 */
export function createRouter(options: RouterOptions): Router {
  const { environment = {}, transport = fetchTransport(), clock = wallClock, onNotice = () => {} } = options;
  const { config, problems } = readConfig(options.config, environment);
  const directory = createDirectory(config);
  const plugins = byId(options.plugins);
  const off = rowsOff(options.disabled, problems);
  const providers = createProviders(config, directory.providers, plugins, environment, off);
  const blocks = options.blocks ?? createMemoryBlocks();
  const previous = options.previous && lastingOf.get(options.previous);
  const entries = keepUnchanged(withBlocks(providers.entries, blocks), plugins, previous);
  const { store, sealKey } = options;
  const parts = { config, entries, plugins, transport, clock, blocks, onNotice, store, sealKey };
  const lasting = beginLasting(parts, previous);
  const candidates = createCandidates(entries, lasting.discovery);
  const { discovery, breakers, loads, evidence, seals, state } = lasting;
  const { random = Math.random, onReceipt = () => {} } = options;
  const { retry } = config;
  const engine = { transport, clock, random, retry, seals, discovery, breakers, loads, evidence, onReceipt };
  const house: House = { engine, config, directory, candidatesOf: candidates.all, state };
  const router = openHouse(house, candidates, lasting, [...problems, ...providers.problems]);
  lastingOf.set(router, lasting);
  return router;
}

/** @throws ConfigError when the config holds an error that is not one provider's. */
function readConfig(value: unknown, environment: Environment): ReturnType<typeof parseConfig> {
  const read = parseConfig(value, environment);
  const fatal = read.problems.filter(({ severity, provider }) => severity === "error" && provider === undefined);
  if (fatal.length > 0) throw new ConfigError(fatal);
  return read;
}

/** The rows that are off, each with its reason: the config's own faults count before those of plugins. */
function rowsOff(disabled: RouterOptions["disabled"], problems: readonly ConfigProblem[]): ReadonlyMap<string, string> {
  const off = new Map(disabled);
  for (const { provider, severity, message } of problems) {
    if (provider !== undefined && severity === "error") off.set(provider, message);
  }
  return off;
}

/** What can be asked of a house. */
function openHouse(house: House, candidates: Candidates, lasting: Lasting, problems: readonly ConfigProblem[]): Router {
  const { config, directory } = house;
  const { breakers, entries } = lasting;
  const router: Omit<Router, "fetch"> = {
    handle: (inbound) => handle(house, inbound),
    endpoint: (request) => endpoint(house, request),
    explain: (model, settings) => explain(config, directory, candidates.of, model, settings?.within, breakers),
    load: (model, settings) => loadModel(house, model, settings),
    breakers: () => breakers.states(),
    reset: (ref) => {
      const { provider = ref, model } = parseRef(ref) ?? {};
      return breakers.reset(provider, model);
    },
    models: () => listModels(directory, candidates.of, entries),
    config,
    directory,
    providers: entries,
    problems,
    close: () => endLasting(lasting),
  };
  return { ...router, fetch: createRouterFetch(router) };
}

function byId(plugins: RouterOptions["plugins"]): ReadonlyMap<string, ProviderPlugin> {
  return plugins instanceof Map ? plugins : new Map([...plugins.values()].map((plugin) => [plugin.kind, plugin]));
}
