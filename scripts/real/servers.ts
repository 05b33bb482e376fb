import { liteLlm } from "./litellm.ts";
import { llamaServer } from "./llama-server.ts";
import type { ServerKind } from "./target.ts";
import { vllmServer } from "./vllm.ts";

/** The servers that are set up for real, the quickest first. */
export const servers: readonly ServerKind[] = [llamaServer, liteLlm, vllmServer];
