import type { ModelFacts } from "@headgate/core/provider";
import plugin, { type Config } from "./index.ts";

export const validate = (row: unknown) => {
  const result = plugin.config["~standard"].validate(row);
  if (result instanceof Promise) throw new Error("config must be synchronous");
  return result;
};

/** The provider of a row, which must be in order. */
export const create = (row: unknown = {}) => {
  const result = validate(row);
  if (result.issues !== undefined) throw new Error(result.issues.map(({ message }) => message).join());
  return plugin.create(result.value as Config);
};

const endpoint = (tag: string, provider: string, places: readonly string[], seat?: string) => ({
  tag,
  provider,
  places,
  ...(seat !== undefined && { seat }),
});

/** GLM, with endpoints here and there. */
export const glm: ModelFacts = {
  id: "z-ai/glm-5",
  readAt: 1,
  data: {
    endpoints: [
      endpoint("parasail/fp8", "Parasail", ["us"], "us"),
      endpoint("google-vertex/us-east5", "Google", ["us"]),
      endpoint("google-vertex/us-east5/flex", "Google", ["us"]),
      endpoint("mistral/nvfp4", "Mistral", ["fr"], "fr"),
      endpoint("nebius/fp8", "Nebius", ["fi", "fr"], "nl"),
      endpoint("moonshotai", "Moonshot AI", ["sg"], "sg"),
    ],
  },
};
