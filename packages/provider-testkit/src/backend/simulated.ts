import {
  type Fault,
  faults,
  type SimModel,
  type Simulator,
  type SimulatorKind,
  startSimulator,
} from "@headgate/simulator";
import type { Backend, RunningBackend, Say, StartOptions, Trouble } from "./backend.ts";
import { knownFailures } from "./known-failures.ts";

/** What differs from one simulated backend to the next. */
interface Setup {
  readonly basePath: string;
  /** The first is asked unless a test names another. */
  readonly models: readonly SimModel[];
  readonly modelFor: Backend["modelFor"];
}

const setups = {
  lmstudio: {
    basePath: "/v1",
    models: [
      { id: "qwen/qwen3-vl-8b", type: "vlm" },
      { id: "cold-model", loaded: false },
      embedder("text-embedding-nomic"),
    ],
    modelFor: { embed: "text-embedding-nomic" },
  },
  anthropic: { basePath: "", models: [{ id: "claude-sonnet-5" }, { id: "claude-haiku-4-5" }], modelFor: {} },
  openai: {
    basePath: "/v1",
    models: [{ id: "gpt-5.5" }, { id: "gpt-3.5-turbo-instruct" }, embedder("text-embedding-3-small")],
    modelFor: { embed: "text-embedding-3-small", complete: "gpt-3.5-turbo-instruct" },
  },
  "openai-compatible": {
    basePath: "/v1",
    models: [{ id: "my-local-model" }, embedder("my-embedder")],
    modelFor: { embed: "my-embedder" },
  },
  vllm: {
    basePath: "/v1",
    models: [{ id: "my-model", type: "vlm" }, embedder("my-embedder")],
    modelFor: { embed: "my-embedder" },
  },
  litellm: {
    basePath: "/v1",
    models: [{ id: "my-alias" }, embedder("my-embedder")],
    modelFor: { embed: "my-embedder" },
  },
  openrouter: {
    basePath: "/api/v1",
    models: [{ id: "z-ai/glm-5" }, { id: "openai/gpt-5.5" }, embedder("openai/text-embedding-3-small")],
    modelFor: { embed: "openai/text-embedding-3-small" },
  },
} as const satisfies Record<SimulatorKind, Setup>;

function embedder<Id extends string>(id: Id): SimModel & { readonly id: Id } {
  return { id, type: "embeddings" };
}

/** A simulated backend's name. */
export type BackendName = keyof typeof setups;

/** The simulated backends, by name. */
export const backendNames = Object.keys(setups) as readonly BackendName[];

export const isBackendName = (name: string): name is BackendName => Object.hasOwn(setups, name);

/** A backend of the simulator. */
export function simulatedBackend(name: BackendName): Backend {
  const { basePath, models, modelFor }: Setup = setups[name];
  return {
    name,
    basePath,
    model: models[0]?.id ?? "",
    modelFor,
    unknown: ["compact"],
    failures: knownFailures(name),
    lookups: [],
    lists: true,
    start: (options) => start(name, models, options),
  };
}

const roomy = { contextWindow: 1_000_000 };

async function start(kind: BackendName, own: readonly SimModel[], options: StartOptions): Promise<RunningBackend> {
  // Long prompts are the kit's business, not this backend's.
  const models = [...(options.models ?? []).map((id) => ({ id })), ...own].map((model) => ({ ...model, ...roomy }));
  const asked = models[0]?.id ?? "";
  const { key } = options;
  const simulator = await startSimulator({ kind, models, ...(key === undefined ? {} : { key }) });
  return {
    origin: simulator.origin,
    get arrived() {
      return simulator.requests;
    },
    say: (said) => say(simulator, said),
    fail: (trouble) => {
      simulator.heal();
      simulator.fail(faultOf(kind, trouble, asked));
    },
    nextClose: (milliseconds) => simulator.waitFor((request) => request.closedByClient, milliseconds),
    close: () => simulator.close(),
  };
}

function say(simulator: Simulator, { text, call, model }: Say): void {
  simulator.answer({
    ...(text === undefined ? {} : { text }),
    ...(call === undefined ? {} : { toolCalls: [call] }),
    ...(model === undefined ? {} : { model }),
  });
}

function faultOf(kind: BackendName, trouble: Trouble, model: string): Fault {
  switch (trouble.kind) {
    case "known":
      return presetOf(kind, trouble.name, model);
    case "reply":
      return { ...trouble, kind: "status" };
    case "cut":
      return { kind: "cut-before-headers" };
    case "cut-midway":
      return { kind: "cut-after", outputs: 0 };
    case "empty":
      return { kind: "empty" };
    case "no-output":
      return { kind: "empty", variant: "frames" };
    case "garbage":
      return { kind: "garbage" };
    case "hang":
      return { kind: "hang" };
    case "hang-midway":
      return { kind: "hang-after", outputs: 1 };
  }
}

/** Some of a backend's failures name the model that was asked for. */
function presetOf(kind: BackendName, name: string, model: string): Fault {
  if (name === "an error inside a 200") return { kind: "error-in-200" };
  if (name === "an error inside a stream") return { kind: "error-frame", outputs: 0 };
  const preset = Object.entries<(about: object) => Fault>(faults[kind]).find(([key]) => key === name)?.[1];
  if (preset === undefined) throw new Error(`${kind} has no failure ${name}`);
  return preset({ model });
}
