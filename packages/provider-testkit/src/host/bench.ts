import {
  type AttemptRecord,
  createRouter,
  fetchTransport,
  type Operation,
  type Provider,
  type ProviderEntry,
  type Receipt,
  type Router,
  type Transport,
  type TransportRequest,
  wirePaths,
} from "@headgate/core";
import type { JsonObject, TextWire, Wire } from "@headgate/wire";
import type { RunningBackend, StartOptions } from "../backend/backend.ts";
import { type Address, fillIn } from "../settings.ts";
import type { Subject } from "../subject.ts";
import { type Read, readReply } from "./read.ts";

/** What is asked through the router. */
export interface Question {
  /** The client's wire. */
  readonly wire: Wire;
  readonly operation?: Operation;
  /** Without its model. */
  readonly body: JsonObject;
  /** Default: the subject's, or the backend's for the operation. */
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What came back, and what the host wrote down. */
export interface Answered extends Read {
  readonly status: number;
  readonly headers: Headers;
  readonly receipt: Receipt;
  /** The first attempt; absent where nobody was asked. */
  readonly attempt: AttemptRecord | undefined;
}

/** The plugin in a router, in front of its backend. */
export interface Bench {
  readonly backend: RunningBackend;
  readonly provider: Provider;
  readonly entry: ProviderEntry;
  readonly router: Router;
  /** What left for the backend, as the host sent it. */
  readonly sent: readonly TransportRequest[];
  ask(question: Question): Promise<Answered>;
}

/** How many exchanges have left; what places depend on may be looked up beside them. */
export const posted = ({ sent }: Bench): number => sent.filter(({ method }) => method === "POST").length;

/** How a bench is set up. */
export interface BenchOptions extends StartOptions {
  /** The one wire that the row allows. Default: all. */
  readonly only?: TextWire;
  /** Keys for the row, over the config. */
  readonly row?: JsonObject;
}

/** The row's id. */
const id = "tested";

/** Starts backend and router, and closes both when `use` is done. */
export async function withBench<Result>(
  subject: Subject,
  options: BenchOptions,
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const models = subject.model.id === subject.backend.model ? [] : [subject.model.id];
  const backend = await subject.backend.start({ ...options, models: [...(options.models ?? []), ...models] });
  let bench: Bench | undefined;
  try {
    bench = openBench(subject, options, backend);
    return await use(bench);
  } finally {
    bench?.router.close();
    await backend.close();
  }
}

function openBench(subject: Subject, options: BenchOptions, backend: RunningBackend): Bench {
  const receipts: Receipt[] = [];
  const sent: TransportRequest[] = [];
  const address = subject.at(backend.origin);
  const router = createRouter({
    config: configOf(subject, options, address),
    plugins: new Map([[id, subject.plugin]]),
    transport: leading(backend.origin, sent),
    random: () => 0,
    onReceipt: (receipt) => receipts.push(receipt),
  });
  const entry = router.providers.get(id);
  if (entry?.provider === undefined || entry.disabled !== undefined) {
    throw new Error(`the host disables it: ${entry?.disabled ?? "no provider was made"}`);
  }
  const { provider } = entry;
  return { backend, provider, entry, router, sent, ask: (question) => ask(subject, router, receipts, question) };
}

/** The clocks are short and nothing is repeated after a wait: a test tells at once. */
function configOf(subject: Subject, { key, only, row }: BenchOptions, address: Address): object {
  const settings = {
    ...fillIn(subject.settings, address),
    ...(subject.plugin.auth === undefined ? {} : { apiKey: key ?? spareKey }),
    ...(only === undefined ? {} : { wires: [only] }),
    timeouts: { connect: "2s", firstOutput: "5s", idle: "5s", whole: "5s" },
    // What reaches beyond a region is for the host to refuse, and not what a plugin is asked about.
    allow: ["remote-urls", "hosted-tools"],
    ...row,
  };
  return {
    agents: { defaults: { model: `${id}/${subject.model.id}` } },
    models: { providers: { [id]: settings } },
    retry: { lastRepeats: 0, lastWindow: "0s" },
  };
}

/** For a backend that asks for none. */
const spareKey = "sk-headgate-testkit-unasked";

/** Every origin leads to the backend: what a plugin may not ask, the host has refused before. */
function leading(origin: string, sent: TransportRequest[]): Transport {
  const transport = fetchTransport();
  return {
    send: (request, signal) => {
      sent.push(request);
      const { pathname, search } = new URL(request.url);
      return transport.send({ ...request, url: origin + pathname + search }, signal);
    },
  };
}

const paths: Readonly<Partial<Record<Operation, string>>> = {
  count: `${wirePaths.messages}/count_tokens`,
  compact: `${wirePaths.responses}/compact`,
};

async function ask(
  { model, backend }: Subject,
  router: Router,
  receipts: Receipt[],
  question: Question,
): Promise<Answered> {
  const { wire, operation = "generate", headers = {}, signal } = question;
  const asked = question.model ?? (operation === "generate" ? model.id : (backend.modelFor[operation] ?? model.id));
  const before = receipts.length;
  const response = await router.fetch(`http://headgate${paths[operation] ?? wirePaths[wire]}`, {
    method: "POST",
    body: JSON.stringify({ model: `${id}/${asked}`, ...question.body }),
    headers: { "content-type": "application/json", ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
  const read = await readReply(operation === "generate" ? wire : undefined, response);
  const receipt = receipts[before];
  if (receipt === undefined)
    throw new Error(`the host wrote no receipt, and answered ${response.status}: ${read.text}`);
  return { ...read, status: response.status, headers: response.headers, receipt, attempt: receipt.attempts[0] };
}
