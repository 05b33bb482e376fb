export type { Answer, Finish, ScriptedCitation, ScriptedToolCall, ScriptedUsage } from "./answer/answer.ts";
export type { SimLoads } from "./backends/backend.ts";
export type { SimulatorKind } from "./backends/create.ts";
export type { ModelRestriction, SimModel } from "./backends/model.ts";
export {
  ordinaryAccount,
  type SimEndpoint,
  type SimOpenRouter,
  type SimProvider,
} from "./backends/openrouter/account.ts";
export type { Fault, FaultAction, FaultError, FaultKind, FaultMatch, FramePosition } from "./faults/fault.ts";
export { faults } from "./faults/presets.ts";
export type { RecordedRequest } from "./server/record.ts";
export type { AnswerSource } from "./server/state.ts";
export type { Simulator, SimulatorOptions } from "./simulator.ts";
export { startSimulator } from "./start.ts";
export type { SimWire } from "./wires/frame.ts";
