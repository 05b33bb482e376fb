import type { ProviderPlugin } from "@headgate/core";

/** Version of the contract that this host speaks. */
const hostContract = 1;

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

/** Looks at a module's default export; `name` is the package or path that the user knows. */
export function checkPlugin(exported: unknown, name: string): CheckedPlugin {
  try {
    const fault = isFields(exported) ? faultOf(exported, name) : noPlugin(name, "its default export is no object");
    return fault === undefined ? { plugin: exported as ProviderPlugin } : { fault };
  } catch (error) {
    return { fault: noPlugin(name, `reading it throws: ${error instanceof Error ? error.message : String(error)}`) };
  }
}

function faultOf(plugin: Fields, name: string): PluginFault | undefined {
  if (plugin.contract !== hostContract) return wrongContract(plugin.contract, name);
  const shape = shapes.find(({ fits }) => !fits(plugin));
  return shape === undefined ? undefined : noPlugin(name, shape.demand);
}

function wrongContract(contract: unknown, name: string): PluginFault {
  if (typeof contract !== "number") return noPlugin(name, "contract is not 1");
  const newer = contract > hostContract;
  return {
    message: `${name} speaks contract ${contract}, this Headgate speaks contract ${hostContract}`,
    fix: newer
      ? `update Headgate, or install a version of ${name} for contract ${hostContract}`
      : `update ${name} to a version for contract ${hostContract}`,
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
