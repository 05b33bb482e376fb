/** The simulated backends of the demo. */
export interface Backends {
  /** Where the hosted one listens. */
  readonly anthropic: string;
  /** Where the local one listens. */
  readonly lmstudio: string;
  /** The demo's config, as overrides of an empty one. */
  readonly sets: readonly string[];
  close(): Promise<void>;
}

/** The refs of the demo: who is asked first, and who then. */
export const primary = "anthropic/claude-sonnet-4-5";
export const fallback = "lmstudio/minimax-m2.1-gs32";

const agents = {
  defaults: {
    model: { primary, fallbacks: [fallback] },
    models: { [primary]: { alias: "Sonnet" }, [fallback]: { alias: "MiniMax Local" } },
  },
};

/** Starts both on free ports. */
export async function startBackends(): Promise<Backends> {
  // The simulator is loaded for the demo alone.
  const { startSimulator } = await import("@headgate/simulator");
  const key = "demo-key";
  const anthropic = await startSimulator({ kind: "anthropic", key });
  const lmstudio = await startSimulator({ kind: "lmstudio" });
  const providers = {
    // It runs on this machine and plays one that does not: a declared place wins over what the address proves.
    anthropic: { baseUrl: anthropic.baseUrl, apiKey: key, place: "us" },
    lmstudio: { baseUrl: lmstudio.baseUrl, models: [{ id: "minimax-m2.1-gs32", contextWindow: 196_608 }] },
  };
  return {
    anthropic: anthropic.origin,
    lmstudio: lmstudio.origin,
    sets: [`agents=${JSON.stringify(agents)}`, `models.providers=${JSON.stringify(providers)}`],
    close: async () => {
      await Promise.all([anthropic.close(), lmstudio.close()]);
    },
  };
}
