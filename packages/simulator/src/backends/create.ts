import { createAnthropic } from "./anthropic/backend.ts";
import { anthropicModels } from "./anthropic/models.ts";
import type { Backend } from "./backend.ts";
import { createLmStudio, lmStudioModels } from "./lmstudio/backend.ts";
import type { SimModel } from "./model.ts";
import { createOpenAi, openAiModels } from "./openai/backend.ts";
import { compatibleModels, createOpenAiCompatible } from "./openai-compatible/backend.ts";

/** The servers that can be simulated. */
export type SimulatorKind = "lmstudio" | "anthropic" | "openai" | "openai-compatible";

/** What a backend is told at its start. */
export interface BackendSetup {
  readonly models?: readonly SimModel[] | undefined;
  readonly jit: boolean;
  /** Whether a stored response of this id exists. */
  knows(responseId: string): boolean;
}

export const backendKinds: Readonly<Record<SimulatorKind, (setup: BackendSetup) => Backend>> = {
  lmstudio: ({ models, jit, knows }) => createLmStudio(models ?? lmStudioModels, jit, knows),
  anthropic: ({ models }) => createAnthropic(models ?? anthropicModels),
  openai: ({ models, knows }) => createOpenAi(models ?? openAiModels, knows),
  "openai-compatible": ({ models }) => createOpenAiCompatible(models ?? compatibleModels),
};
