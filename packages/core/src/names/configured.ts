import type { Config } from "../config/schema.ts";

/** A ref as the file writes it, and where. */
export interface ConfiguredRef {
  readonly text: string;
  /** Keys from the root down. */
  readonly path: readonly (string | number)[];
}

/** What lists refs: the part of {@link Config} that names them. */
type Naming = Pick<Config, "agents" | "routes">;

/** Every ref of the file in its order: default model, named refs, routes. */
export function configuredRefs({ agents, routes }: Naming): readonly ConfiguredRef[] {
  const { model, models } = agents.defaults;
  const named = [...models.keys()].map((text) => ({ text, path: ["agents", "defaults", "models", text] }));
  return [
    ...(model === undefined ? [] : orderedRefs(model, ["agents", "defaults", "model"])),
    ...named,
    ...[...routes].flatMap(([name, route]) => orderedRefs(route, ["routes", name])),
  ];
}

function orderedRefs(
  order: { readonly primary: string; readonly fallbacks: readonly string[] },
  path: readonly string[],
): readonly ConfiguredRef[] {
  return [
    { text: order.primary, path: [...path, "primary"] },
    ...order.fallbacks.map((text, index) => ({ text, path: [...path, "fallbacks", index] })),
  ];
}
