import type { GatewayOptions } from "./gateway.ts";
import { type Stack, startStack } from "./stack.ts";

/** Models of either backend: the one speaks and completes, the other makes vectors. */
const models = [{ id: "writer" }, { id: "embedder", type: "embeddings" }] as const;

export interface PairOptions extends Omit<GatewayOptions, "config"> {
  /** Laid over the rows of both. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** Laid over the config. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Two servers with an OpenAI-style API, the second in reserve for the first on every route. */
export const startPair = ({ row, config, ...options }: PairOptions = {}): Promise<Stack<"first" | "second">> =>
  startStack(
    {
      first: { kind: "openai-compatible", key: "sk-first", models },
      second: { kind: "openai-compatible", key: "sk-second", models },
    },
    ({ first, second }) => ({
      ...options,
      config: {
        agents: { defaults: { models: { "first/embedder": { alias: "Vectors" } } } },
        models: {
          providers: {
            first: { baseUrl: first.baseUrl, apiKey: "sk-first", ...row },
            second: { baseUrl: second.baseUrl, apiKey: "sk-second", ...row },
          },
        },
        routes: {
          search: { primary: "first/embedder", fallbacks: ["second/embedder"] },
          draft: { primary: "first/writer", fallbacks: ["second/writer"] },
        },
        ...config,
      },
    }),
  );
