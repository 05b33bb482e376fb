import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answer/answer.ts";
import { defaultAnswer } from "../answer/default.ts";
import { sealsOf } from "../answer/resolve.ts";
import type { BackendRequest } from "../backends/backend.ts";
import { play } from "../faults/play.ts";
import { toObject, toText } from "../json.ts";
import type { SimWire } from "../wires/frame.ts";
import { createExchange, sendReply } from "./exchange.ts";
import { ClientLeft, createOutlet, type Outlet } from "./outlet.ts";
import type { OpenRecord, RecordedRequest } from "./record.ts";
import { runCommand, scriptingPath } from "./scripting.ts";
import type { SimulatorState } from "./state.ts";

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

function openRecord(request: IncomingMessage, wire: SimWire | undefined): OpenRecord {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: Object.fromEntries(headers),
    body: undefined,
    text: "",
    at: Date.now(),
    wire,
    model: undefined,
    stream: false,
    status: undefined,
    closedByClient: false,
    finished: false,
  };
}

const withBody = (text: string): Pick<OpenRecord, "text" | "body" | "model" | "stream"> => {
  const body = parse(text);
  const fields = toObject(body);
  return { text, body, model: toText(fields.model), stream: fields.stream === true };
};

/** Takes one request from its first byte to its last. */
export async function handle(state: SimulatorState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  if (path === scriptingPath || path.startsWith(`${scriptingPath}/`))
    return answerCommand(state, path, request, response);
  const wire = request.method === "POST" ? state.backend.wires.get(path) : undefined;
  const record = openRecord(request, wire);
  const outlet = createOutlet(response, (status) => {
    record.status = status;
    state.journal.changed();
  });
  response.once("close", () => {
    record.finished = response.writableFinished;
    record.closedByClient = !response.writableFinished && !outlet.cutHere && state.up;
    state.active.delete(record);
    state.journal.changed();
  });
  try {
    Object.assign(record, withBody(await readText(request)));
  } catch {
    state.journal.add(record);
    return;
  }
  if (wire && !outlet.left.aborted) state.active.add(record);
  if (isLook(state, record.method, path)) state.looks.push(record);
  else state.journal.add(record);
  const seen = { method: record.method, path, query, headers: record.headers, body: record.body };
  try {
    await (wire ? infer(state, seen, record, wire, outlet) : answerOther(state, seen, outlet));
  } catch (error) {
    if (!(error instanceof ClientLeft)) throw error;
  }
}

async function answerCommand(state: SimulatorState, path: string, request: IncomingMessage, response: ServerResponse) {
  const reply = runCommand(state, request.method ?? "GET", path, parse(await readText(request)));
  response.writeHead(reply.status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(reply.body, null, 2)}\n`);
}

async function infer(
  state: SimulatorState,
  request: BackendRequest,
  record: OpenRecord,
  wire: SimWire,
  outlet: Outlet,
): Promise<void> {
  state.serial += 1;
  const { serial } = state;
  if (outlet.left.aborted) return;
  const exchange = createExchange({
    outlet,
    backend: state.backend,
    wire,
    request,
    key: state.key,
    serial,
    answerFor: (model) => {
      const answer = nextAnswer(state, record, wire, model);
      for (const seal of sealsOf(answer)) state.seals.add(seal);
      return answer;
    },
    stored: (id) => state.storedIds.add(id),
  });
  await play(exchange, state.faults.take(record));
}

function nextAnswer(state: SimulatorState, record: RecordedRequest, wire: SimWire, model: string): Answer {
  // Vectors and counts are not scripted.
  if (wire === "embeddings" || wire === "count") return defaultAnswer(state.kind, wire, model, toObject(record.body));
  const [queued, ...rest] = state.queuedAnswers;
  state.queuedAnswers = rest;
  const source = queued ?? state.standingAnswer;
  if (typeof source === "function") return source(record);
  return source ?? defaultAnswer(state.kind, wire, model, toObject(record.body));
}

const isLook = ({ backend }: SimulatorState, method: string, path: string): boolean =>
  method === "GET" && backend.looks?.has(path) === true;

/** Paths that are asked without a key. */
const open = new Set(["/lmstudio-greeting", "/health", "/version", "/is_sleeping", "/tokenize", "/health/liveliness"]);

async function answerOther(state: SimulatorState, request: BackendRequest, outlet: Outlet): Promise<void> {
  const { backend, key } = state;
  // Whether or not someone has looked, the next answer is the same.
  if (!isLook(state, request.method, request.path)) state.serial += 1;
  const sender = { outlet, backend, serial: state.serial };
  const presented = backend.presentedKey(request, undefined);
  if (key !== undefined && presented !== key && !open.has(request.path)) {
    const problem = backend.unauthenticated(presented);
    return sendReply(sender, { status: problem.status, body: backend.write(problem, undefined, state.serial) });
  }
  return sendReply(sender, (await backend.route(request)) ?? backend.unknown(request));
}
