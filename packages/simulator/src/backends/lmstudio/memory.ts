import type { Problem, Served, SimLoads } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { detailed } from "./errors.ts";
import { createLoads, type Load } from "./loads.ts";

/** A model in memory. */
export interface Instance {
  /** The model's key, or `key:2` for a second load. */
  readonly id: string;
  readonly model: SimModel;
  readonly contextLength: number;
  /** Seconds of idleness after which it goes; absent where it was loaded to stay. */
  readonly ttl?: number;
}

/** The model that a request reaches, and the load that it has to wait for. */
export interface Reached extends Served {
  readonly load?: Load;
}

/** What LM Studio has in memory: which name reaches what, and what a load does. */
export interface Memory {
  readonly models: readonly SimModel[];
  readonly instances: readonly Instance[];
  readonly loads: SimLoads;
  /** Loads a model to stay, whether or not it is there already; resolves with the instance, or what went wrong. */
  load(key: string, contextLength?: number): Promise<Instance | string> | undefined;
  unload(instanceId: string): boolean;
  /** @param ttl - Seconds; counts only where the request loads the model. */
  serve(name: unknown, ttl?: number): Reached | Problem;
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

const notLoaded = (model: SimModel, why: string): Problem =>
  detailed(400, `Failed to load model "${model.id}". Error: ${why}`, "model_load_failed", "model");

/** What a model has that a request has loaded, unless it says otherwise. */
const usualTtl = 3600;

/** With `jit`, a request for a model that is not loaded loads it. */
export function createMemory(models: readonly SimModel[], jit: boolean): Memory {
  const loads = createLoads();
  let instances: Instance[] = [];
  let onDemand = new Map<string, Load>();
  const reset = () => {
    loads.reset();
    onDemand = new Map();
    instances = models
      .filter((model) => model.loaded !== false)
      .map((model) => ({ id: model.id, model, contextLength: windowOf(model) }));
  };
  reset();
  const add = (model: SimModel, more: Partial<Instance>): Instance => {
    const copies = instances.filter((instance) => instance.model.id === model.id).length;
    // Loading is not idempotent: a second load is a second copy.
    const id = copies === 0 ? model.id : `${model.id}:${copies + 1}`;
    const instance = { id, model, contextLength: windowOf(model), ...more };
    instances = [...instances, instance];
    return instance;
  };
  const load = (key: string, contextLength?: number): Promise<Instance | string> | undefined => {
    const model = models.find((each) => each.id === key);
    if (!model) return undefined;
    const { done } = loads.begin(model);
    return done.then((failure) => failure ?? add(model, contextLength === undefined ? {} : { contextLength }));
  };
  /** One load however many requests come; of the models loaded so, one stays. */
  const loadOnDemand = (model: SimModel, ttl: number): Load => {
    const open = onDemand.get(model.id);
    if (open) return open;
    const begun = loads.begin(model);
    const done = begun.done.then((failure) => {
      onDemand.delete(model.id);
      if (failure !== undefined) return failure;
      instances = instances.filter((instance) => instance.ttl === undefined);
      add(model, { ttl });
      return undefined;
    });
    const entry = { ...begun, done };
    onDemand.set(model.id, entry);
    return entry;
  };
  const serve = (name: unknown, ttl = usualTtl): Reached | Problem => {
    const hit = instances.find((instance) => instance.id === name);
    if (hit) return { model: hit.model, name: hit.id, waitMs: 0 };
    const key = models.find((model) => model.id === name);
    if (key && jit) {
      const load = loadOnDemand(key, ttl);
      const loading = load.done.then((failure) => (failure === undefined ? undefined : notLoaded(key, failure)));
      return { model: key, name: key.id, waitMs: 0, load, loading };
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
    loads: loads.script,
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
