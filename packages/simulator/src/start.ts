import { backendKinds } from "./backends/create.ts";
import { createFaultScript } from "./faults/script.ts";
import { handle, type SimulatorState } from "./server/handler.ts";
import { createListener } from "./server/listener.ts";
import { createJournal } from "./server/record.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";

function createState(options: SimulatorOptions): SimulatorState {
  const responseIds = new Set<string>();
  const knows = (id: string) => responseIds.has(id);
  return {
    kind: options.kind,
    backend: backendKinds[options.kind]({ models: options.models, jit: options.jit ?? true, knows }),
    key: options.key,
    faults: createFaultScript(),
    journal: createJournal(options.remember ?? 2000),
    responseIds,
    standingAnswer: undefined,
    queuedAnswers: [],
    serial: 0,
    activeRequests: 0,
  };
}

function reset(state: SimulatorState): void {
  state.faults.heal();
  state.journal.clear();
  state.backend.reset();
  state.responseIds.clear();
  state.standingAnswer = undefined;
  state.queuedAnswers = [];
  state.serial = 0;
}

/** Starts a backend on loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const state = createState(options);
  const { journal, faults } = state;
  const host = options.host ?? "127.0.0.1";
  const listener = createListener(host, options.port ?? 0, (request, response) => {
    void handle(state, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await listener.open();
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  const close = async () => {
    await listener.close();
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
    waitFor: (predicate, timeoutMs = 5000) => journal.waitFor(predicate, timeoutMs),
    nextClose: (timeoutMs = 5000) => {
      const before = new Set(journal.requests.filter((request) => request.closedByClient));
      return journal.waitFor((request) => request.closedByClient && !before.has(request), timeoutMs);
    },
    refuse: listener.close,
    listen: listener.open,
    get openConnections() {
      return listener.openConnections;
    },
    get activeRequests() {
      return state.activeRequests;
    },
    reset: () => reset(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}
