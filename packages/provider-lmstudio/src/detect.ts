import type { Detection } from "@headgate/core/provider";
import { asObject, asText } from "@headgate/provider-openai-compatible";

/**
 * LM Studio greets as its own command line asks it to. A version without that path says in a 200 that it has none, in words
 * that no other server has (bug tracker 618, 1680).
 */
export const detect: Detection = {
  name: "LM Studio",
  ports: [1234],
  start: "lms server start",
  recognise: async (origin, ask) => {
    const { status, json } = await ask(`${origin}/lmstudio-greeting`);
    const { lmstudio, error } = asObject(json) ?? {};
    const isIt = lmstudio === true || asText(error)?.startsWith("Unexpected endpoint or method.") === true;
    return status === 200 && isIt ? { baseUrl: `${origin}/v1` } : undefined;
  },
};
