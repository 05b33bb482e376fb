import type { Detection } from "@headgate/core/provider";

/** LiteLLM says without a key that it lives, and asks no model for that, as `/health` would (1.106.2). */
export const detect: Detection = {
  name: "LiteLLM",
  ports: [4000],
  start: "litellm --config litellm.yaml",
  recognise: async (origin, ask) => {
    const { status, json } = await ask(`${origin}/health/liveliness`);
    return status === 200 && json === "I'm alive!" ? { baseUrl: `${origin}/v1` } : undefined;
  },
};
