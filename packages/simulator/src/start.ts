import type { ServerResponse } from "node:http";
import type { SimLoads } from "./backends/backend.ts";
import { handle } from "./server/handler.ts";
import { createListener } from "./server/listener.ts";
import { createState, resetState } from "./server/state.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";

/** A scripted answer that throws is told to whoever reads the reply. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain" });
  response.end(`The simulator failed: ${String(error)}`);
}

const noLoads: SimLoads = { begun: [], hold: () => undefined, release: () => undefined, failNext: () => undefined };

/** Starts a backend on loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const state = createState(options);
  const { journal, faults } = state;
  const host = options.host ?? "127.0.0.1";
  const listener = createListener(
    { host, port: options.port ?? 0, keepAliveMs: state.backend.keepAliveMs },
    (request, response) => {
      void handle(state, request, response).catch((error: unknown) => giveUp(response, error));
    },
  );
  await listener.open();
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  const shut = async () => {
    state.up = false;
    await listener.close();
  };
  const listen = async () => {
    await listener.open();
    state.up = true;
  };
  const close = async () => {
    await shut();
    journal.close();
  };
  return {
    kind: options.kind,
    origin,
    port: listener.port,
    baseUrl: origin + state.backend.basePath,
    answer: (answer) => {
      state.standingAnswer = answer;
    },
    answerNext: (...answers) => {
      state.queuedAnswers = [...state.queuedAnswers, ...answers];
    },
    fail: faults.fail,
    failNext: (...queued) => faults.failNext(queued),
    heal: faults.heal,
    get requests() {
      return journal.requests;
    },
    get looks() {
      return state.looks;
    },
    loads: state.backend.loads ?? noLoads,
    waitFor: (predicate, timeoutMs = 5000) => journal.waitFor(predicate, timeoutMs),
    nextClose: (timeoutMs = 5000) => {
      const before = new Set(journal.requests.filter((request) => request.closedByClient));
      return journal.waitFor((request) => request.closedByClient && !before.has(request), timeoutMs);
    },
    refuse: shut,
    listen,
    get openConnections() {
      return listener.openConnections;
    },
    get activeRequests() {
      return state.active.size;
    },
    reset: () => resetState(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}
