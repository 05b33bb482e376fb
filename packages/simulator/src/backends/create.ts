import { createAnthropic } from "./anthropic/backend.ts";
import { anthropicModels } from "./anthropic/models.ts";
import type { Account, Backend } from "./backend.ts";
import { createLiteLlm, liteLlmModels } from "./litellm/backend.ts";
import { createLmStudio, lmStudioModels } from "./lmstudio/backend.ts";
import type { SimModel } from "./model.ts";
import { createOpenAi, openAiModels } from "./openai/backend.ts";
import { compatibleModels, createOpenAiCompatible } from "./openai-compatible/backend.ts";
import { createLlamaServer } from "./openai-compatible/llama-cpp.ts";
import type { SimOpenRouter } from "./openrouter/account.ts";
import { createOpenRouter, openRouterModels } from "./openrouter/backend.ts";
import { createVllm, vllmModels } from "./vllm/backend.ts";

/** The servers that can be simulated. */
export type SimulatorKind =
  | "lmstudio"
  | "anthropic"
  | "openai"
  | "openai-compatible"
  | "vllm"
  | "litellm"
  | "openrouter";

/** What a backend is told at its start. */
export interface BackendSetup extends Account {
  readonly models?: readonly SimModel[] | undefined;
  readonly jit: boolean;
  readonly server?: "llama.cpp" | undefined;
  readonly openrouter?: SimOpenRouter | undefined;
}

export const backendKinds: Readonly<Record<SimulatorKind, (setup: BackendSetup) => Backend>> = {
  lmstudio: ({ models, jit, knows }) => createLmStudio(models ?? lmStudioModels, jit, knows),
  anthropic: ({ models, knows, made }) => createAnthropic(models ?? anthropicModels, { knows, made }),
  openai: ({ models, knows, made }) => createOpenAi(models ?? openAiModels, { knows, made }),
  "openai-compatible": ({ models, server }) =>
    (server === "llama.cpp" ? createLlamaServer : createOpenAiCompatible)(models ?? compatibleModels),
  vllm: ({ models }) => createVllm(models ?? vllmModels),
  openrouter: ({ models, openrouter }) => createOpenRouter(models ?? openRouterModels, openrouter),
  litellm: ({ models }) => createLiteLlm(models ?? liteLlmModels),
};
