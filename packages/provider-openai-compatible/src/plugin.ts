import { defineProvider } from "@headgate/core/provider";
import { type Config, config } from "./config.ts";
import { readBaseUrl } from "./profile/base-url.ts";
import { createProvider } from "./profile/profile.ts";

/**
 * Any server with an OpenAI-style API. Only chat is taken at its word: vLLM and llama.cpp speak the other two wires
 * loosely (missing sequence numbers, foreign error types), so their answers are read and written anew.
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "openai-compatible",
  config,
  auth: { header: "authorization", prefix: "Bearer " },
  create: ({ baseUrl }) =>
    createProvider({
      baseUrl: readBaseUrl(baseUrl),
      wires: { chat: "exact", responses: "approximate", messages: "approximate" },
    }),
});
