/**
 * The three wires of text generation and the way between them, without I/O.
 *
 * @packageDocumentation
 */
export { codecs } from "./codecs.ts";
export { checkStream } from "./grammar.ts";
export { spliceTopLevel, type TopLevelPatch } from "./json/splice.ts";
export { type RequestNeeds, requestNeeds } from "./needs.ts";
export { readFault } from "./pivot/fault.ts";
export { AnswerFold, type FoldedItem, foldAnswer } from "./pivot/fold.ts";
export { Ledger, type Loss } from "./pivot/ledger.ts";
export { WireRequestError } from "./pivot/request-error.ts";
export {
  type AnswerEvent,
  type AnswerItem,
  type FinishReason,
  isOutput,
  type Json,
  type JsonObject,
  type PivotItem,
  type PivotPart,
  type PivotRequest,
  type PivotTool,
  type PivotToolChoice,
  type TextWire,
  textWires,
  type Usage,
  type Wire,
  type WireFault,
} from "./pivot/types.ts";
export { mergeUsage } from "./pivot/usage.ts";
export { type SseEvent, SseReader, type SseReaderOptions, SseTooLargeError } from "./sse/reader.ts";
export { formatSse } from "./sse/writer.ts";
export type { AnswerContext, AnswerReader, AnswerWriter, WireCodec } from "./translate.ts";
