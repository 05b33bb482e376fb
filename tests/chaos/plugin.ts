import type { FailureKind, Provider, ProviderPlugin } from "@headgate/core/provider";
import type { Script } from "./scenario.ts";
import type { PluginFault, ProviderPlan } from "./settings.ts";

/** The failure that a backend names, in its own words; it repeats the key that it was sent, as some do. */
export const faultText = ({ kind, retryAfter }: Script, key: string): string =>
  `[chaos ${kind} ${retryAfter ?? "-"}] to ${key}`;

const faultPattern = /\[chaos (\w+) (\d+|-)\]/;

export const originOf = (id: string): string => `http://${id}.invalid`;
/** Every row of a provider has a key of its own, which begins as the first. */
export const secretOf = (id: string, row = 0): string => `sk-secret-of-${id}${row === 0 ? "" : `-${row}`}`;

const paths = { chat: "/v1/chat/completions", responses: "/v1/responses", messages: "/v1/messages" } as const;

function broken(when: PluginFault, fault: PluginFault | undefined): void {
  if (when === fault) throw new Error(`this plugin breaks in ${when}`);
}

/** A plugin that tells the truth, except where its plan says that it breaks. */
export function pluginOf({ id, place, wire, quality, promise, fault }: ProviderPlan): ProviderPlugin {
  const provider: Provider = {
    wires: { [wire]: quality },
    origins: [originOf(id)],
    ...(promise && { within: promise }),
    places: () => {
      broken("places", fault);
      return [place];
    },
    request: () => {
      broken("request", fault);
      const origin = fault === "foreign-origin" ? "http://elsewhere.invalid" : originOf(id);
      return { url: origin + paths[wire] };
    },
    failure: ({ text, status }) => {
      broken("failure", fault);
      const [, kind = "bad_answer", retryAfter = "-"] = faultPattern.exec(text) ?? [];
      return {
        kind: kind as FailureKind,
        message: `HTTP ${status}: ${text.slice(0, 400)}`,
        ...(retryAfter === "-" ? {} : { retryAfter: Number(retryAfter) }),
      };
    },
    observe: () => {
      broken("observe", fault);
      return {};
    },
  };
  const anything = {
    "~standard": { version: 1, vendor: "chaos", validate: (value: unknown) => ({ value }) },
  } as const;
  return {
    contract: 1,
    kind: id,
    config: anything,
    auth: { header: "authorization", prefix: "Bearer " },
    create: () => provider,
  };
}
