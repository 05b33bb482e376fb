import { createAnthropic } from "./anthropic/backend.ts";
import { anthropicModels } from "./anthropic/models.ts";
import type { Account, Backend } from "./backend.ts";
import { createLmStudio, lmStudioModels } from "./lmstudio/backend.ts";
import type { SimModel } from "./model.ts";
import { createOpenAi, openAiModels } from "./openai/backend.ts";
import { compatibleModels, createOpenAiCompatible } from "./openai-compatible/backend.ts";

/** The servers that can be simulated. */
export type SimulatorKind = "lmstudio" | "anthropic" | "openai" | "openai-compatible";

/** What a backend is told at its start. */
export interface BackendSetup extends Account {
  readonly models?: readonly SimModel[] | undefined;
  readonly jit: boolean;
}

export const backendKinds: Readonly<Record<SimulatorKind, (setup: BackendSetup) => Backend>> = {
  lmstudio: ({ models, jit, knows }) => createLmStudio(models ?? lmStudioModels, jit, knows),
  anthropic: ({ models, knows, made }) => createAnthropic(models ?? anthropicModels, { knows, made }),
  openai: ({ models, knows, made }) => createOpenAi(models ?? openAiModels, { knows, made }),
  "openai-compatible": ({ models }) => createOpenAiCompatible(models ?? compatibleModels),
};
