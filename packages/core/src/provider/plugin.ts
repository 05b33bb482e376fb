import type { Detection } from "./detection.ts";
import type { ModelFacts } from "./model.ts";
import type { Provider } from "./provider.ts";

/**
 * The default export of every provider package.
 *
 * The host loads it by name, checks `contract` before anything else, validates the user's row with `config`,
 * and calls `create` once per row. A plugin does no I/O of its own: it says where, how to shape, how to read
 * failures and what it knows; the host does the networking.
 *
 * @typeParam Config - What `config` makes of a row of `models.providers`.
 */
export interface ProviderPlugin<Config = unknown> {
  /** Version of this contract. A host refuses a number that it does not know, naming the way out. */
  readonly contract: 1;
  /** The plugin's id, as in its package name: `lmstudio` for `@headgate/provider-lmstudio`. */
  readonly kind: string;
  /**
   * Validates and completes a row, less the keys that the host owns ({@link HostKey}).
   * Any synchronous Standard Schema that can also write JSON Schema fits; a zod 4 object does.
   */
  readonly config: ConfigSchema<Config>;
  /** How the host presents the row's `apiKey`. Absent: no key is ever sent. A plugin never sees a key. */
  readonly auth?: ProviderAuth;
  /** Models known without asking; `models.mode: "replace"` ignores them. Default: none. */
  readonly catalog?: readonly ModelFacts[];
  /** How such a server is found on the user's machine, for a backend that people run themselves. Default: it is not looked for. */
  readonly detect?: Detection;
  /**
   * Makes the provider of one row. Synchronous, no I/O, no environment, no clock.
   *
   * @throws Error with a message for the user; the host disables this row alone and says so.
   */
  create(config: Config): Provider;
}

/** Keys of a row that belong to the host and never reach the plugin's schema. `baseUrl` is the plugin's. */
export type HostKey =
  | "plugin"
  | "place"
  | "api"
  | "wires"
  | "apiKey"
  | "timeouts"
  | "concurrency"
  | "headers"
  | "models"
  | "within"
  | "allow";

/** Where the host puts the key, and where it may find one when the row names none. */
export interface ProviderAuth {
  /** Header name in lower case: `authorization`, `x-api-key`. */
  readonly header: string;
  /** Put before the key, with its blank: `"Bearer "`. Default: nothing. */
  readonly prefix?: string;
  /**
   * Environment variable used when the row has no `apiKey`: only for the plugin's own default origin or for
   * loopback, so that a base URL alone never draws a real key to another host. Default: none.
   */
  readonly env?: string;
  /** `true`: without a key the provider is disabled, and says so. Default `false`: asked without a key. */
  readonly required?: boolean;
}

/**
 * A schema of {@link https://standardschema.dev | Standard Schema}, synchronous, that can describe itself as JSON Schema.
 * Written out here so that the contract depends on nothing; any zod 4 schema is one.
 */
export interface ConfigSchema<Config> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => ConfigResult<Config> | Promise<ConfigResult<Config>>;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** What a schema says of a row: a value, or issues whose paths start at the row. */
export type ConfigResult<Config> =
  | { readonly value: Config; readonly issues?: undefined }
  | { readonly issues: readonly ConfigIssue[] };

/** One fault of a row. */
export interface ConfigIssue {
  /** For the user, without the value of a secret. */
  readonly message: string;
  /** Keys from the row down; absent means the row itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Typed identity for a plugin, so that `create` gets the type its schema makes.
 *
 * @example `export default defineProvider({ contract: 1, kind: "acme", config, create })`
 */
export function defineProvider<Config>(plugin: ProviderPlugin<Config>): ProviderPlugin<Config> {
  return plugin;
}
