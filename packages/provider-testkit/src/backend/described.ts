import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject, Wire } from "@headgate/wire";
import { createArrivals } from "./arrival.ts";
import type { Arrived, Backend, RunningBackend, Say, StartOptions, Trouble } from "./backend.ts";
import type { BackendDescription, DescribedLookup } from "./description.ts";
import { sendAnswer, sendReply, sendTrouble } from "./send.ts";

/** A backend that is served from its description. */
export function describedBackend(description: BackendDescription): Backend {
  const { name = "a described backend", basePath = "/v1", model, modelFor = {}, models, failures } = description;
  return {
    name,
    basePath,
    model,
    modelFor,
    unknown: [],
    failures: Object.entries(failures).map(([known, { kind }]) => ({ name: known, kind })),
    lookups: models?.method === "POST" ? [models.path] : [],
    lists: models !== undefined,
    start: (options) => start(description, options),
  };
}

/** What a path leads to. */
export type Way =
  | { readonly kind: "wire"; readonly wire: Wire; readonly model: string | undefined }
  | { readonly kind: "count" }
  | { readonly kind: "compact" }
  | { readonly kind: "lookup"; readonly lookup: DescribedLookup };

interface State {
  readonly description: BackendDescription;
  readonly key: string | undefined;
  said: Say | undefined;
  trouble: Trouble | undefined;
}

async function start(description: BackendDescription, { key }: StartOptions): Promise<RunningBackend> {
  const arrivals = createArrivals();
  const state: State = { description, key, said: undefined, trouble: undefined };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    answer(state, await arrivals.receive(request, response), response);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: arrivals.list,
    say: (said) => {
      state.said = said;
    },
    fail: (trouble) => {
      state.trouble = trouble;
    },
    nextClose: arrivals.nextClose,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(state: State, arrived: Arrived, response: ServerResponse): void {
  const { description: about, key, trouble, said } = state;
  const way = wayOf(about, arrived);
  const body = bodyOf(arrived);
  if (way === undefined) sendReply(response, { status: 404, body: { error: { message: "no such path" } } });
  else if (key !== undefined && !holdsKey(about, arrived, key)) {
    sendReply(response, refusal(about));
  } else if (way.kind === "lookup") sendReply(response, { status: 200, body: way.lookup.reply });
  else {
    const exchange = { response, about, asked: { wire: wireOf(way), model: modelOf(way, body, about), body } };
    const refused = about.refuses?.(body, exchange.asked.wire);
    if (trouble !== undefined) sendTrouble(exchange, trouble);
    else if (refused !== undefined) sendTrouble(exchange, { kind: "known", name: refused });
    else if (way.kind === "count") sendReply(response, { status: 200, body: { input_tokens: 42 } });
    else if (way.kind === "compact") sendReply(response, { status: 200, body: compacted });
    else sendAnswer(exchange, said);
  }
}

const compacted = { id: "resp_kit1", object: "response.compaction", output: [] };

function holdsKey({ key: place }: BackendDescription, { headers }: Arrived, key: string): boolean {
  if (place === undefined) return Object.values(headers).some((value) => value.includes(key));
  return headers[place.header] === (place.prefix ?? "") + key;
}

const wireOf = (way: Way): Wire => (way.kind === "wire" ? way.wire : way.kind === "count" ? "messages" : "responses");

const bodyOf = ({ body }: Arrived): JsonObject =>
  typeof body === "object" && body !== null && !Array.isArray(body) ? (body as JsonObject) : {};

function modelOf(way: Way, body: JsonObject, description: BackendDescription): string {
  const named = way.kind === "wire" ? way.model : undefined;
  return named ?? (typeof body.model === "string" ? body.model : description.model);
}

function wayOf(description: BackendDescription, { method, path }: Arrived): Way | undefined {
  const [pathname = ""] = path.split("?");
  const { models, operations = {}, wires } = description;
  if (models !== undefined && models.path === pathname && method === (models.method ?? "GET")) {
    return { kind: "lookup", lookup: models };
  }
  if (method !== "POST") return undefined;
  for (const kind of ["count", "compact"] as const) if (operations[kind] === pathname) return { kind };
  for (const [wire, described] of Object.entries(wires)) {
    const template = typeof described === "string" ? described : described.path;
    const match = pattern(template).exec(pathname);
    if (match !== null) return { kind: "wire", wire: wire as Wire, model: decoded(match.groups?.model) };
  }
  return undefined;
}

const decoded = (segment: string | undefined): string | undefined =>
  segment === undefined ? undefined : decodeURIComponent(segment);

function pattern(template: string): RegExp {
  const [before = "", after] = template.split("{model}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(after === undefined ? `^${before}$` : `^${before}(?<model>.+)${after}$`);
}

/** What the description calls a wrong key, or the plainest 401. */
function refusal({ failures }: BackendDescription): { readonly status: number; readonly body: unknown } {
  const described = Object.values(failures).find(({ kind, status }) => kind === "unauthenticated" && status >= 400);
  return described ?? { status: 401, body: { error: { message: "this key is not known" } } };
}
