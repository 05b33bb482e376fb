import type { Problem, Served } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { detailed } from "./errors.ts";

/** A model in memory. */
export interface Instance {
  /** The model's key, or `key:2` for a second load. */
  readonly id: string;
  readonly model: SimModel;
  readonly contextLength: number;
}

/** What LM Studio has in memory: which name reaches what, and what a load does. */
export interface Memory {
  readonly models: readonly SimModel[];
  readonly instances: readonly Instance[];
  load(key: string, contextLength?: number): Instance | undefined;
  unload(instanceId: string): boolean;
  serve(name: unknown): Served | Problem;
  reset(): void;
}

export const windowOf = (model: SimModel): number => model.contextWindow ?? 131_072;

const noneLoaded = detailed(
  404,
  "No models loaded. Please load a model in the developer page or use the 'lms load' command.",
  null,
  "model",
);

const notFound = (name: unknown, models: readonly SimModel[]): Problem => {
  const list = models.map((model) => model.id).join("\n");
  const message = `Model "${String(name)}" not found. Please specify a valid model.\n\nYour models:\n\n${list}`;
  return detailed(404, message, "model_not_found", "model");
};

/** With `jit`, a request for a model that is not loaded loads it. */
export function createMemory(models: readonly SimModel[], jit: boolean): Memory {
  let instances: Instance[] = [];
  const reset = () => {
    instances = models
      .filter((model) => model.loaded !== false)
      .map((model) => ({ id: model.id, model, contextLength: windowOf(model) }));
  };
  reset();
  const load = (key: string, contextLength?: number): Instance | undefined => {
    const model = models.find((each) => each.id === key);
    if (!model) return undefined;
    const copies = instances.filter((instance) => instance.model.id === key).length;
    // Loading is not idempotent: a second load is a second copy.
    const id = copies === 0 ? key : `${key}:${copies + 1}`;
    const instance = { id, model, contextLength: contextLength ?? windowOf(model) };
    instances = [...instances, instance];
    return instance;
  };
  const serve = (name: unknown): Served | Problem => {
    const hit = instances.find((instance) => instance.id === name);
    if (hit) return { model: hit.model, name: hit.id, waitMs: 0 };
    const key = models.find((model) => model.id === name);
    if (key && jit) {
      load(key.id);
      return { model: key, name: key.id, waitMs: key.loadMs ?? 0 };
    }
    const answering = instances.filter((instance) => instance.model.type !== "embeddings");
    const [only] = answering;
    if (!only) return jit ? notFound(name, models) : noneLoaded;
    // With exactly one model in memory any name reaches it.
    if (answering.length === 1) return { model: only.model, name: only.id, waitMs: 0 };
    return notFound(name, models);
  };
  return {
    models,
    get instances() {
      return instances;
    },
    load,
    unload: (instanceId) => {
      const before = instances.length;
      instances = instances.filter((instance) => instance.id !== instanceId);
      return instances.length < before;
    },
    serve,
    reset,
  };
}
