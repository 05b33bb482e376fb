import { parseAnswer } from "../answer/parse.ts";
import type { Reply } from "../backends/backend.ts";
import type { Fault } from "../faults/fault.ts";
import { parseFault } from "../faults/parse.ts";
import { presetFault } from "../faults/presets.ts";
import { isObject, toList } from "../json.ts";
import { resetState, type SimulatorState } from "./state.ts";

/** Where a simulator is scripted, on its own port. */
export const scriptingPath = "/__simulator";

interface Command {
  readonly does: string;
  run(state: SimulatorState, body: unknown): unknown;
}

const toFault = (state: SimulatorState, value: unknown): Fault =>
  isObject(value) && value.preset !== undefined
    ? { ...presetFault(state.kind, String(value.preset)), ...without(value, "preset") }
    : parseFault(value);

const without = (value: { readonly [key: string]: unknown }, key: string) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

const each = (body: unknown): readonly unknown[] => (Array.isArray(body) ? toList(body) : [body]);

const commands: Readonly<Record<string, Command>> = {
  "GET ": {
    does: "says what this is",
    run: ({ kind }) => ({
      simulator: kind,
      commands: Object.entries(commands).map(
        ([name, { does }]) => `${name.replace(" ", ` ${scriptingPath}`)}: ${does}`,
      ),
    }),
  },
  "GET /requests": { does: "what was received", run: ({ journal }) => journal.requests },
  "POST /fail": {
    does: 'fails from now on, as {"kind":"status","status":529} or {"preset":"overloaded"} says',
    run: (state, body) => state.faults.fail(toFault(state, body)),
  },
  "POST /fail-next": {
    does: "fails the next requests, as one fault or a list says",
    run: (state, body) => state.faults.failNext(each(body).map((value) => toFault(state, value))),
  },
  "POST /heal": { does: "forgets every fault", run: ({ faults }) => faults.heal() },
  "POST /answer": {
    does: 'says {"text":"…"} from now on',
    run: (state, body) => {
      state.standingAnswer = parseAnswer(body);
    },
  },
  "POST /answer-next": {
    does: "says these answers first, one or a list",
    run: (state, body) => {
      state.queuedAnswers = [...state.queuedAnswers, ...each(body).map(parseAnswer)];
    },
  },
  "POST /reset": { does: "forgets faults, answers, requests and loads", run: resetState },
};

/** Carries out a command that came over HTTP. */
export function runCommand(state: SimulatorState, method: string, path: string, body: unknown): Reply {
  const command = commands[`${method} ${path.slice(scriptingPath.length).replace(/\/$/, "")}`];
  if (!command) return { status: 404, body: { error: `No such command. GET ${scriptingPath} lists them.` } };
  try {
    return { status: 200, body: command.run(state, body) ?? { done: true } };
  } catch (error) {
    return { status: 400, body: { error: (error as Error).message } };
  }
}
