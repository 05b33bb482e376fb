import type { ProviderPlugin } from "./provider/index.ts";

/** The contracts that a host takes: its own, and the one before where there is a way to its own. */
export interface HostContract {
  readonly current: number;
  /** Makes of a plugin of contract `current - 1` one of `current`. Absent: the one before is refused as well. */
  readonly upgrade?: (plugin: Fields) => Fields;
}

/** This Headgate's. A contract 2 comes with an `upgrade` of plugins that speak 1, and drops that with contract 3. */
const hostContract: HostContract = { current: 1 };

/** What is wrong with a plugin, and the way out. */
export interface PluginFault {
  readonly message: string;
  readonly fix: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A plugin that is in order, or what is wrong with it. */
export type CheckedPlugin =
  | { readonly plugin: ProviderPlugin; readonly fault?: undefined }
  | { readonly fault: PluginFault; readonly plugin?: undefined };

/** Looks at a module's default export; `name` is the package or path that the user knows. An older plugin comes back upgraded. */
export function checkPlugin(exported: unknown, name: string, host: HostContract = hostContract): CheckedPlugin {
  try {
    if (!isFields(exported)) return { fault: noPlugin(name, "its default export is no object") };
    const plugin = ofCurrentContract(exported, host);
    if (plugin === undefined) return { fault: wrongContract(exported.contract, name, host) };
    const shape = shapes.find(({ fits }) => !fits(plugin));
    return shape === undefined
      ? { plugin: plugin as Fields & ProviderPlugin }
      : { fault: noPlugin(name, shape.demand) };
  } catch (error) {
    return { fault: noPlugin(name, `reading it throws: ${error instanceof Error ? error.message : String(error)}`) };
  }
}

function ofCurrentContract(plugin: Fields, { current, upgrade }: HostContract): Fields | undefined {
  if (plugin.contract === current) return plugin;
  return plugin.contract === current - 1 ? upgrade?.(plugin) : undefined;
}

function wrongContract(contract: unknown, name: string, { current, upgrade }: HostContract): PluginFault {
  const taken = upgrade === undefined ? `contract ${current}` : `contracts ${current - 1} and ${current}`;
  if (typeof contract !== "number") return noPlugin(name, `contract is not ${current}`);
  return {
    message: `${name} speaks contract ${contract}, this Headgate speaks ${taken}`,
    fix:
      contract > current
        ? `update Headgate, or install a version of ${name} for contract ${current}`
        : `update ${name} to a version for contract ${current}`,
  };
}

/** What a plugin must look like, in the order in which it is told. */
const shapes: readonly { readonly demand: string; readonly fits: (plugin: Fields) => boolean }[] = [
  { demand: "kind is not a text", fits: ({ kind }) => isText(kind) },
  { demand: "config is no Standard Schema of version 1", fits: ({ config }) => isStandardSchema(config) },
  { demand: "create is not a function", fits: ({ create }) => typeof create === "function" },
  {
    demand: "auth is not { header, prefix?, env?, required? }",
    fits: ({ auth }) => auth === undefined || isAuth(auth),
  },
  {
    demand: "catalog is not a list of models with ids",
    fits: ({ catalog }) => catalog === undefined || isCatalog(catalog),
  },
  {
    demand: "detect is not { name, ports, start?, recognise }",
    fits: ({ detect }) => detect === undefined || isDetection(detect),
  },
];

function isStandardSchema(config: unknown): boolean {
  // Some libraries make schemas that are functions.
  if (!isFields(config) && typeof config !== "function") return false;
  const standard = (config as Fields)["~standard"];
  return isFields(standard) && standard.version === 1 && typeof standard.validate === "function";
}

function isAuth(auth: unknown): boolean {
  if (!isFields(auth)) return false;
  const { header, prefix, env, required } = auth;
  return (
    isText(header) &&
    /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(header) &&
    (prefix === undefined || typeof prefix === "string") &&
    (env === undefined || isText(env)) &&
    (required === undefined || typeof required === "boolean")
  );
}

function isCatalog(catalog: unknown): boolean {
  return Array.isArray(catalog) && catalog.every((model) => isFields(model) && isText(model.id));
}

function isDetection(detect: unknown): boolean {
  if (!isFields(detect)) return false;
  const { name, ports, start, recognise } = detect;
  return (
    isText(name) &&
    Array.isArray(ports) &&
    ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536) &&
    (start === undefined || isText(start)) &&
    typeof recognise === "function"
  );
}

function noPlugin(name: string, demand: string): PluginFault {
  return {
    message: `${name} is not a provider plugin: ${demand}`,
    fix: `name another plugin, or correct ${name}: its default export is a ProviderPlugin of @headgate/core/provider`,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
