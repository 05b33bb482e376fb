import { type BreakerState, Breakers } from "./admit/breaker.ts";
import { createCandidates } from "./candidates.ts";
import type { Config, ConfigProblem, Environment } from "./config/index.ts";
import { formatProblem, parseConfig } from "./config/index.ts";
import { configuredModels, Discovery } from "./discovery/index.ts";
import { endpoint } from "./endpoint.ts";
import { type BlockStore, createMemoryBlocks, EvidenceDesk, type Notice, withBlocks } from "./evidence/index.ts";
import { type Explanation, explain } from "./explain.ts";
import { createRouterFetch, fetchTransport } from "./fetch.ts";
import { type House, handle } from "./handle.ts";
import { isHeld, keepUnchanged, type Lasting } from "./lasting.ts";
import { LoadDesk, type LoadOptions, type LoadResult, loadModel } from "./load/index.ts";
import { listModels, type ModelListing } from "./model-list.ts";
import type { Directory } from "./names/index.ts";
import { createDirectory, parseRef } from "./names/index.ts";
import type { Clock, EndpointRequest, Inbound, Outbound, Transport } from "./ports.ts";
import type { Boundary, ProviderPlugin } from "./provider/index.ts";
import { createProviders, type ProviderEntry } from "./providers.ts";
import type { Receipt } from "./receipt/receipt.ts";
import { nextRequestId } from "./request-id.ts";
import type { Engine } from "./run/run.ts";
import { SealMakers } from "./run/seal-makers.ts";
import { createMemoryStore } from "./state/memory-store.ts";
import { createSealBox, type SealKey, sealKeyLength } from "./state/seal-box.ts";
import { createResponsesState } from "./state/state.ts";
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
  const environment = options.environment ?? {};
  const { config, problems } = parseConfig(options.config, environment);
  const fatal = problems.filter(({ severity, provider }) => severity === "error" && provider === undefined);
  if (fatal.length > 0) throw new ConfigError(fatal);
  const directory = createDirectory(config);
  const broken = new Map(options.disabled);
  for (const { provider, severity, message } of problems) {
    if (provider !== undefined && severity === "error") broken.set(provider, message);
  }
  const plugins = byId(options.plugins);
  const providers = createProviders(config, directory.providers, plugins, environment, broken);
  const { transport = fetchTransport(), clock = wallClock, onNotice = () => {} } = options;
  const blocks = options.blocks ?? createMemoryBlocks();
  const previous = options.previous && lastingOf.get(options.previous);
  const entries = keepUnchanged(withBlocks(providers.entries, blocks), plugins, previous);
  const discovery = new Discovery({
    entries,
    configured: configuredModels(config),
    transport,
    clock,
    onTrouble: (provider, message) => onNotice({ kind: "discovery", provider, message }),
    previous: previous?.discovery,
  });
  const candidates = createCandidates(entries, discovery);
  const evidence = previous?.evidence ?? new EvidenceDesk({ transport, clock, blocks, onNotice });
  const loads = previous?.loads ?? new LoadDesk({ transport, clock });
  const breakers = previous?.breakers ?? new Breakers({ clock, onChange: tellBreaker(onNotice) });
  const engine: Engine = {
    transport,
    clock,
    random: options.random ?? Math.random,
    retry: config.retry,
    seals: previous?.seals ?? new SealMakers(),
    discovery,
    breakers,
    loads,
    evidence,
    onReceipt: options.onReceipt ?? (() => {}),
  };
  const state =
    previous?.state ??
    createResponsesState({
      store: options.store ?? createMemoryStore({ clock: engine.clock }),
      box: createSealBox(options.sealKey ?? crypto.getRandomValues(new Uint8Array(sealKeyLength))),
      clock: engine.clock,
      nextId: nextRequestId,
    });
  const { seals } = engine;
  const open = previous?.open ?? new Set();
  open.add(entries);
  const house: House = { engine, config, directory, candidatesOf: candidates.all, state };
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
    problems: [...problems, ...providers.problems],
    close: () => {
      if (!open.delete(entries)) return;
      discovery.close();
      for (const entry of entries.values()) if (!isHeld(entry, open)) breakers.forget(entry);
      if (open.size > 0) return;
      loads.close();
      evidence.close();
    },
  };
  const made: Router = { ...router, fetch: createRouterFetch(router) };
  lastingOf.set(made, { entries, plugins, discovery, loads, evidence, breakers, seals, state, open });
  return made;
}

/** Says of a breaker that it has opened, or closed. */
function tellBreaker(onNotice: (notice: Notice) => void) {
  return (provider: string, model: string | undefined, why: string | undefined): void => {
    const about = { kind: "breaker", provider, ...(model !== undefined && { model }) } as const;
    if (why === undefined) onNotice({ ...about, state: "closed", message: "closed: it answers again" });
    else onNotice({ ...about, state: "open", message: why });
  };
}

function byId(plugins: RouterOptions["plugins"]): ReadonlyMap<string, ProviderPlugin> {
  return plugins instanceof Map ? plugins : new Map([...plugins.values()].map((plugin) => [plugin.kind, plugin]));
}
