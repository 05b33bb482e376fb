import type { Upstream } from "./backends.ts";
import type { Turn } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";
import type { GatewayOptions } from "./gateway.ts";
import { at, listAt } from "./json.ts";
import { type Stack, startStack } from "./stack.ts";

/** A gateway in front of one backend that is asked on one wire, as `assistant`. */
export const startOver = (
  { kind, wire, model }: Upstream,
  options: Omit<GatewayOptions, "config"> & { readonly gateway?: unknown } = {},
): Promise<Stack<"backend">> =>
  startStack({ backend: { kind } }, ({ backend }) => {
    const { gateway = {}, ...rest } = options;
    const ref = `${kind}/${model}`;
    const providers = { [kind]: { baseUrl: backend.baseUrl, apiKey: "sk-of-the-backend", wires: [wire] } };
    const agents = { defaults: { model: ref, models: { [ref]: { alias: "Assistant" } } } };
    return { ...rest, config: { agents, models: { providers }, gateway } };
  });

/** What a backend was told last, in words of no wire. */
export function heardBy(stack: Stack<"backend">, { wire }: Upstream): readonly Turn[] {
  return dialects[wire].readRequest(stack.backend.requests.at(-1)?.body).turns;
}

/** Ids of the items in a list or an output. */
export const idsOf = (items: unknown): unknown[] => (Array.isArray(items) ? items.map((item) => at(item, "id")) : []);

/** The first item of a type in a response's output. */
export const itemOf = (response: unknown, type: string): unknown =>
  listAt(response, "output").find((item) => at(item, "type") === type);
