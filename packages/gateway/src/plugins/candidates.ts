import { isProviderId } from "@headgate/core";

/**
 * The one adapter that the host knows by name: it takes any row with a `baseUrl` that no plugin of its own serves.
 * A name, not an import: it is found like every other plugin, and may be missing.
 */
const genericPackage = "@headgate/provider-openai-compatible";

/** What a row tells about its plugin. */
export interface PluginWish {
  readonly id: string;
  readonly plugin?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** The packages or paths to try for a provider, in order. What the user names is tried alone. */
export function pluginSpecifiers({ id, plugin, baseUrl }: PluginWish): readonly string[] {
  if (plugin !== undefined) return [plugin];
  const own = isPackagePart(id) ? [`@headgate/provider-${id}`, `headgate-provider-${id}`] : [];
  return baseUrl === undefined ? own : [...own, genericPackage];
}

/** Whether a row's `plugin` names something that may be loaded: a package, or a path from the config's folder. */
export function isPluginSpecifier(text: string): boolean {
  if (/^\.\.?\//.test(text)) return true;
  const [scopeOrName = "", ...rest] = text.split("/");
  const name = scopeOrName.startsWith("@") ? [scopeOrName.slice(1), ...rest] : [scopeOrName, ...rest];
  return (!scopeOrName.startsWith("@") || rest.length > 0) && name.every((part) => /^[a-z0-9~][\w.~-]*$/i.test(part));
}

/** Upper case is no part of a package's name; two dots would leave it. */
function isPackagePart(id: string): boolean {
  return isProviderId(id) && id === id.toLowerCase() && !id.includes("..");
}
