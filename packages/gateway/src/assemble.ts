import {
  type ConfigProblem,
  createRouter,
  type Environment,
  type Router,
  type RouterOptions,
  type SimulatedHouse,
} from "@headgate/core";
import type { ReadConfig } from "./config-file.ts";
import { type LoadedPlugin, loadPlugins } from "./plugins/load.ts";

/** A config that has been read, and where its plugins are looked for. */
export interface ConfigSource {
  readonly read: ReadConfig;
  /** URL of the module whose packages come second, after those of the config's folder: the program's own. */
  readonly from: string;
}

/** Everything but the server. */
export interface Assembled {
  readonly router: Router;
  /** By provider id; those that are missing or bad are not among them. */
  readonly plugins: ReadonlyMap<string, LoadedPlugin>;
  /** Of the file, the plugins and the providers, each once. */
  readonly problems: readonly ConfigProblem[];
  /** What the router was made of, for one that only plays. */
  readonly house: SimulatedHouse;
}

/** The config holds an error that is not one provider's: it is not what its author meant, and is not served. */
export class ConfigRefused extends Error {
  override readonly name = "ConfigRefused";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super("the config has errors");
    this.problems = problems;
  }
}

/** True when the whole config is refused because of this. */
export function isFatal({ severity, provider }: ConfigProblem): boolean {
  return severity === "error" && provider === undefined;
}

/** What the router is made with beside the config. */
export type Surroundings = Pick<
  RouterOptions,
  "transport" | "onReceipt" | "onNotice" | "blocks" | "clock" | "sealKey" | "store" | "previous"
> & {
  readonly environment: Environment;
};

/**
 * Loads the plugins that a config needs and makes the router. Asks no backend.
 *
 * @throws ConfigRefused
 */
export async function assemble({ read, from }: ConfigSource, surroundings: Surroundings): Promise<Assembled> {
  if (read.problems.some(isFatal)) throw new ConfigRefused(read.problems);
  const loaded = await loadPlugins({ config: read.config, folder: read.folder, from });
  const faults = loaded.problems.flatMap(({ severity, provider, message }) =>
    severity === "error" && provider !== undefined ? [[provider, message] as const] : [],
  );
  const { environment, blocks } = surroundings;
  const house: SimulatedHouse = {
    config: read.value,
    plugins: new Map([...loaded.plugins].map(([id, { plugin }]) => [id, plugin])),
    disabled: new Map(faults),
    environment,
    ...(blocks && { blocks }),
  };
  const router = createRouter({ ...house, ...surroundings });
  const { plugins } = loaded;
  return {
    router,
    house,
    plugins,
    problems: once([...read.problems, ...loaded.problems, ...router.problems, ...keyless(router)]),
  };
}

/**
 * Providers that are off for want of a key. A warning, since the file is in order: many a config names a hosted model
 * that this machine has no key for.
 */
function keyless({ providers }: Pick<Router, "providers">): ConfigProblem[] {
  return [...providers.values()]
    .filter(({ disabled, provider, wires }) => disabled !== undefined && provider !== undefined && wires.size > 0)
    .map(({ id, disabled }) => ({
      severity: "warning",
      path: `models.providers.${id}.apiKey`,
      message: `${disabled}. Provider ${id} is off; the rest serves`,
      fix: "set the variable where Headgate starts, or write an apiKey in the row",
      provider: id,
    }));
}

/** The router reads the config once more, and finds the same. */
function once(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.severity} ${problem.path} ${problem.message}`, problem])).values(),
  ];
}
