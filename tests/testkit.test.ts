import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProviderPlugin } from "@headgate/core";
import { type BackendName, backendNames, type ProviderTest, testProvider } from "@headgate/provider-testkit";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Every adapter of this repository, by its kind: found, so that none is forgotten. */
const kinds = globSync("packages/provider-*/src/plugin.ts", { cwd: root })
  .map((file) => file.split("/")[1]?.replace("provider-", "") ?? "")
  .sort();

const plugins = new Map(
  await Promise.all(
    kinds.map(async (kind) => {
      const module: { readonly default: ProviderPlugin } = await import(`../packages/provider-${kind}/src/index.ts`);
      return [kind, module.default] as const;
    }),
  ),
);

const isBackend = (kind: string): kind is BackendName => backendNames.some((name) => name === kind);

/** What proves a place: a region, tested with what the plugin's own hosts are, or a list. */
const inRegions: Readonly<Record<string, Pick<ProviderTest, "config" | "places">>> = {
  anthropic: { config: { geo: "us" }, places: ["us"] },
  litellm: { config: { baseUrl: "${baseUrl}", places: { "deployment-of-my-alias": "us" } }, places: ["us"] },
  openai: { config: { region: "eu" }, places: ["eu"] },
  openrouter: { config: { region: "us" }, places: ["us"] },
};

for (const [kind, plugin] of plugins) {
  const backend = isBackend(kind) ? kind : "openai-compatible";
  testProvider({ plugin, backend, describe, it });
  const inRegion = inRegions[kind];
  if (inRegion !== undefined)
    describe("in a region", () => testProvider({ plugin, backend, ...inRegion, describe, it }));
}

describe("the kit", () => {
  it("is held to every adapter", () => {
    expect(kinds.length).toBeGreaterThanOrEqual(6);
    expect(kinds).toEqual([...plugins.values()].map((plugin) => plugin.kind));
  });

  it("has each simulated backend on its page", () => {
    const page = readFileSync(new URL("../docs/testkit.md", import.meta.url), "utf8");
    for (const name of backendNames) expect(page).toContain(`\`${name}\``);
  });

  it("asks ten lines of a stranger's test, and twenty-five of a backend's description", () => {
    const lines = (file: string): number =>
      readFileSync(new URL(`../examples/provider-acme/${file}`, import.meta.url), "utf8")
        .trimEnd()
        .split("\n").length;
    expect(lines("conformance.test.ts")).toBeLessThanOrEqual(10);
    expect(lines("backend.ts")).toBeLessThanOrEqual(25);
  });
});
