import type { Call, HttpRequest, Provider, ProviderPlugin } from "@headgate/core/provider";
import type { JsonObject } from "@headgate/wire";
import type { ProviderTest } from "../subject.ts";
import { type Config, good } from "./base.ts";

/** The good plugin with one lie. */
export interface Mutant {
  /** The lie, as one would tell it of a plugin: `it reads a file`. */
  readonly lie: string;
  /** The case that has to find it. */
  readonly breaks: string;
  readonly plugin: ProviderPlugin;
  /** How it is tested, where the plain way does not do. */
  readonly test?: Partial<ProviderTest>;
}

/** A lie of the plugin itself. */
export const ofPlugin = (breaks: string, lie: string, change: object): Mutant => ({
  breaks,
  lie,
  plugin: { ...good, ...change } as ProviderPlugin,
});

type Change = (made: Provider, config: Config) => object;

/** A lie of the provider that it makes. */
export const ofProvider = (breaks: string, lie: string, change: Change, test: Partial<ProviderTest> = {}): Mutant => ({
  ...ofPlugin(breaks, lie, {
    create: (config: Config) => {
      const made = good.create(config);
      return { ...made, ...change(made, config) };
    },
  }),
  test,
});

/** A lie about the exchange. */
export const ofRequest = (
  breaks: string,
  lie: string,
  change: (shaped: HttpRequest, call: Call) => Partial<HttpRequest>,
): Mutant =>
  ofProvider(breaks, lie, (made) => ({
    request: (call: Call) => {
      const shaped = made.request(call);
      return { ...shaped, ...change(shaped, call) };
    },
  }));

/** A lie about the body: what `change` makes of it is sent. */
export const ofBody = (breaks: string, lie: string, change: (body: JsonObject, call: Call) => JsonObject): Mutant =>
  ofRequest(breaks, lie, ({ set }, call) => {
    const changed = change(call.body, call);
    const unset = Object.keys(call.body).filter((key) => !Object.hasOwn(changed, key));
    return { set: { ...changed, ...set }, unset };
  });
