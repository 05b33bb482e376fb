import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProviderPlugin } from "@headgate/core";
import { type BackendName, backendNames, testProvider } from "@headgate/provider-testkit";
import { describe, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Every adapter of this repository, by its kind: found, so that none is forgotten. */
const kinds = globSync("packages/provider-*/src/plugin.ts", { cwd: root }).map(
  (file) => file.split("/")[1]?.replace("provider-", "") ?? "",
);

const plugins = await Promise.all(
  kinds.map(async (kind) => {
    const module = (await import(`../packages/provider-${kind}/src/index.ts`)) as { readonly default: ProviderPlugin };
    return module.default;
  }),
);

const isBackend = (kind: string): kind is BackendName => backendNames.some((name) => name === kind);

for (const plugin of plugins) {
  testProvider({ plugin, backend: isBackend(plugin.kind) ? plugin.kind : "openai-compatible", describe, it });
}
