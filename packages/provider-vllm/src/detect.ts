import type { Detection } from "@headgate/core/provider";
import { asObject, asText, rowsOf } from "@headgate/provider-openai-compatible";

/**
 * vLLM tells its version without a key, and owns each model of its list; where it was started with a key, the list is refused
 * in words of its own (0.32.0).
 */
export const detect: Detection = {
  name: "vLLM",
  ports: [8000],
  start: "vllm serve MODEL",
  recognise: async (origin, ask) => {
    const version = await ask(`${origin}/version`);
    if (version.status !== 200 || asText(asObject(version.json)?.version) === undefined) return undefined;
    const list = await ask(`${origin}/v1/models`);
    const isRefused = list.status === 401 && asObject(list.json)?.error === "Unauthorized";
    const isIt = isRefused || rowsOf(list.json).some((row) => row.owned_by === "vllm");
    return isIt ? { baseUrl: `${origin}/v1` } : undefined;
  },
};
