/** A plugin's keys of a row, as a user would write them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Where a backend is, in the two ways in which users write it down. */
export interface Address {
  /** `scheme://host[:port]` */
  readonly origin: string;
  /** `origin`, and `/v1` where a user writes that too. */
  readonly baseUrl: string;
}

/** Stand for the backend's address in a config, whose port nobody knows beforehand. */
const placeholder = /\$\{(origin|baseUrl)\}/g;

/** The config of an author who names none: nearly every plugin takes a `baseUrl`. */
export const defaultSettings: Settings = { baseUrl: "${baseUrl}" };

/** True where a config leads to the backend by its address; else the plugin's own origins are led there. */
export function namesAddress(settings: Settings): boolean {
  return JSON.stringify(settings).search(placeholder) >= 0;
}

/** The config with the address in its places. */
export function fillIn(settings: Settings, address: Address): Settings {
  return fill(settings, address) as Settings;
}

function fill(value: unknown, address: Address): unknown {
  if (typeof value === "string") return value.replace(placeholder, (_, name: keyof Address) => address[name]);
  if (Array.isArray(value)) return value.map((one) => fill(one, address));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, address)]));
}
