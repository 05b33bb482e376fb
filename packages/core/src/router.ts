import { requestNeeds } from "@headgate/wire";
import type { Needs } from "./admit/admit.ts";
import { narrow, parseBoundary } from "./admit/boundary.ts";
import type { Candidate } from "./candidate.ts";
import { createCandidate, placeName } from "./candidate.ts";
import type { Config, ConfigProblem, Environment } from "./config/index.ts";
import { formatProblem, parseConfig } from "./config/index.ts";
import { type Explanation, explain } from "./explain.ts";
import { failureOutbound } from "./failure/reply.ts";
import { createRouterFetch, fetchTransport } from "./fetch.ts";
import { listModels, type ModelListing } from "./model-list.ts";
import type { Directory, Ref } from "./names/index.ts";
import { createDirectory } from "./names/index.ts";
import type { Clock, Inbound, Outbound, Transport } from "./ports.ts";
import type { Boundary, Failure, ProviderPlugin } from "./provider/index.ts";
import { createProviders, type ProviderEntry } from "./providers.ts";
import { receiptHeaders } from "./receipt/headers.ts";
import type { Receipt } from "./receipt/receipt.ts";
import { fallback } from "./run/fallback.ts";
import type { Engine, Run } from "./run/run.ts";
import { settle } from "./run/settle.ts";

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
}

/** The decisions of Headgate, without a server. */
export interface Router {
  /** Answers one request that has been read and checked. Never rejects. */
  handle(inbound: Inbound): Promise<Outbound>;
  /** The same behind the Fetch API, with paths, methods and bodies checked: give it to an official client as its `fetch`. */
  fetch(request: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Which candidates a model name has and which would be skipped, and why. Asks nobody. */
  explain(model: string | undefined, options?: { readonly within?: Boundary }): Explanation;
  /** Every alias, route and model that can be asked for. Asks nobody. */
  models(): readonly ModelListing[];
  readonly config: Config;
  readonly directory: Directory;
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  /** What is wrong with the config and the plugins; rows with an error are disabled. */
  readonly problems: readonly ConfigProblem[];
}

const { timeOrigin } = performance;

const wallClock: Clock = {
  // Monotonic, so that no correction of the system's time stretches a clock or a duration.
  now: () => timeOrigin + performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
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
  const providers = createProviders(config, directory.providers, byId(options.plugins), environment, broken);
  const candidates = createCandidates(providers.entries);
  const candidateLists = createCandidateLists(candidates);
  const engine: Engine = {
    transport: options.transport ?? fetchTransport(),
    clock: options.clock ?? wallClock,
    random: options.random ?? Math.random,
    retry: config.retry,
    onReceipt: options.onReceipt ?? (() => {}),
  };
  const router: Omit<Router, "fetch"> = {
    handle: (inbound) => handle(engine, config, directory, candidateLists, inbound),
    explain: (model, settings) => explain(config, directory, candidates, model, settings?.within),
    models: () => listModels(directory, candidates, providers.entries),
    config,
    directory,
    providers: providers.entries,
    problems: [...problems, ...providers.problems],
  };
  return { ...router, fetch: createRouterFetch(router) };
}

function byId(plugins: RouterOptions["plugins"]): ReadonlyMap<string, ProviderPlugin> {
  return plugins instanceof Map ? plugins : new Map([...plugins.values()].map((plugin) => [plugin.kind, plugin]));
}

/** Candidates of configured refs are made once; those of other models of a known provider when they are asked for. */
function createCandidates(entries: ReadonlyMap<string, ProviderEntry>): (ref: Ref) => Candidate | undefined {
  const known = new Map<string, Candidate>();
  return (ref) => {
    const found = known.get(ref.text);
    if (found !== undefined) return found;
    const entry = entries.get(ref.provider);
    if (entry === undefined) return undefined;
    const candidate = createCandidate(ref, entry);
    // Names come from clients: only so many are remembered.
    if (known.size < 4096) known.set(ref.text, candidate);
    return candidate;
  };
}

/** A configured name always resolves to the same list of refs, and so to the same candidates. */
function createCandidateLists(
  candidateOf: (ref: Ref) => Candidate | undefined,
): (refs: readonly Ref[]) => readonly Candidate[] {
  const known = new WeakMap<readonly Ref[], readonly Candidate[]>();
  return (refs) => {
    let list = known.get(refs);
    if (list === undefined) {
      list = refs.map(candidateOf).filter((one) => one !== undefined);
      known.set(refs, list);
    }
    return list;
  };
}

let lastRequest = 0;
const bootId = crypto.randomUUID().replaceAll("-", "").slice(0, 12);

/** Unique across restarts, short in logs, cheap on the data path. */
export function nextRequestId(): string {
  lastRequest++;
  return `${bootId}${lastRequest.toString(36).padStart(6, "0")}`;
}

async function handle(
  engine: Engine,
  config: Config,
  directory: Directory,
  candidatesOf: (refs: readonly Ref[]) => readonly Candidate[],
  inbound: Inbound,
): Promise<Outbound> {
  const receipt = openReceipt(engine, inbound);
  const run: Run = { engine, inbound, receipt, prices: undefined, settled: false };
  const fail = (failure: Failure): Outbound => {
    const outbound = failureOutbound(run, failure);
    settle(run, failure);
    return outbound;
  };
  const refuse = (kind: "model_missing" | "invalid_request", message: string): Outbound => fail({ kind, message });
  const asked = inbound.json.model;
  if (asked !== undefined && asked !== null && typeof asked !== "string")
    return refuse("invalid_request", "model must be a string");
  const resolution = directory.resolve(asked ?? undefined);
  if (!resolution.found) return refuse("model_missing", resolution.message);
  const header = inbound.headers["x-headgate-within"];
  const wished = header === undefined ? undefined : parseBoundary(header);
  if (header !== undefined && wished === undefined) {
    return refuse(
      "invalid_request",
      "x-headgate-within: places are local, eu or two-letter country codes, separated by commas",
    );
  }
  if (resolution.route !== undefined) receipt.route = resolution.route;
  let within = config.within as Boundary;
  for (const inner of [resolution.within, inbound.client?.within, wished]) within = narrow(within, inner);
  if (within !== undefined) receipt.within = within;
  const list = candidatesOf(resolution.refs);
  let needs: Needs | undefined;
  const demand = {
    wire: inbound.wire,
    within,
    needs: () => (needs ??= requestNeeds(inbound.wire, inbound.json)),
  };
  const result = await fallback(run, list, demand);
  return result.ok ? answered(run, result) : fail(result.failure);
}

function openReceipt(engine: Engine, inbound: Inbound): Receipt {
  const { model, stream } = inbound.json;
  return {
    id: nextRequestId(),
    time: engine.clock.now(),
    wire: inbound.wire,
    stream: stream === true,
    ...(inbound.client === undefined ? {} : { client: inbound.client.id }),
    requested: typeof model === "string" ? model : "",
    candidates: [],
    attempts: [],
    status: 200,
    outcome: "ok",
    losses: [],
    warnings: [],
    duration: 0,
  };
}

function answered(run: Run, result: Extract<Awaited<ReturnType<typeof fallback>>, { ok: true }>): Outbound {
  const { receipt, engine } = run;
  const { answer, admitted } = result;
  receipt.served = admitted.candidate.ref.text;
  receipt.place = placeName(admitted.places);
  receipt.duration = engine.clock.now() - receipt.time;
  run.prices = admitted.candidate.model.cost;
  const headers = receiptHeaders(receipt);
  if (answer.kind === "stream") {
    headers["content-type"] = "text/event-stream";
    headers["cache-control"] = "no-cache";
    return { status: 200, headers, body: answer.body };
  }
  headers["content-type"] = answer.contentType;
  if (answer.usage !== undefined) receipt.usage = answer.usage;
  settle(run, undefined);
  return { status: 200, headers, body: answer.body };
}
