export type { Answer, Finish, ScriptedToolCall, ScriptedUsage } from "./answer/answer.ts";
export type { SimulatorKind } from "./backends/create.ts";
export type { ModelRestriction, SimModel } from "./backends/model.ts";
export type { Fault, FaultAction, FaultError, FaultKind, FaultMatch, FramePosition } from "./faults/fault.ts";
export type { AnswerSource } from "./server/handler.ts";
export type { RecordedRequest } from "./server/record.ts";
export type { Simulator, SimulatorOptions } from "./simulator.ts";
export { startSimulator } from "./start.ts";
export type { SimWire } from "./wires/frame.ts";
