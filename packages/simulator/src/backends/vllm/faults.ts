import type { Fault } from "../../faults/fault.ts";
import { compatibleFaults } from "../openai-compatible/faults.ts";

const refused = (message: string): Fault => ({
  kind: "status",
  status: 400,
  error: { type: "BadRequestError", message },
});

/** Error bodies of vLLM 0.32.0. */
export const vllmFaults = {
  contextLength: compatibleFaults.contextLength,
  maxTokensTooLarge: compatibleFaults.maxTokensTooLarge,
  modelNotFound: compatibleFaults.modelNotFound,
  unauthenticated: compatibleFaults.unauthenticated,
  /** After it the process is gone: `refuse()`. */
  serverError: compatibleFaults.serverError,
  toolsOff: compatibleFaults.toolsOff,
  /** The same for a `tool_choice` that demands a tool. */
  toolsOffRequired: (): Fault => refused('tool_choice="required" requires --tool-call-parser to be set'),
  notMultimodal: ({ model = "my-model" }: { model?: string } = {}): Fault =>
    refused(`${model} is not a multimodal model`),
  badSchema: (): Fault => refused("Grammar error: Invalid type: nonsense"),
} as const;
