/**
 * The three wires of text generation and the way between them, without I/O.
 *
 * @packageDocumentation
 */

export { dropBareReasoning } from "./bare-reasoning.ts";
export { budgetThinking } from "./budget-thinking.ts";
export { chatChunks, countChoices } from "./chat/chunks.ts";
export { codecs } from "./codecs.ts";
export { checkStream } from "./grammar.ts";
export { spliceTopLevel, type TopLevelPatch } from "./json/splice.ts";
export { type RequestNeeds, requestNeeds } from "./needs.ts";
export { readFault } from "./pivot/fault.ts";
export { type WireFeature, wireFeatures } from "./pivot/features.ts";
export { AnswerFold, type FoldedItem, foldAnswer } from "./pivot/fold.ts";
export { changesMeaning, Ledger, type Loss } from "./pivot/ledger.ts";
export { WireRequestError } from "./pivot/request-error.ts";
export { ToolNames, type ToolOrigin } from "./pivot/tool-names.ts";
export {
  type Annotation,
  type AnswerEvent,
  type AnswerItem,
  type CacheMark,
  type Effort,
  type FinishReason,
  isOutput,
  type Json,
  type JsonObject,
  type MediaSource,
  type PivotFormat,
  type PivotItem,
  type PivotPart,
  type PivotReasoning,
  type PivotRequest,
  type PivotTool,
  type PivotToolChoice,
  type Seal,
  type TextWire,
  textWires,
  type Usage,
  type Wire,
  type WireFault,
} from "./pivot/types.ts";
export { mergeUsage } from "./pivot/usage.ts";
export { type RequestReach, requestReach } from "./reach.ts";
export { needsRewrite, rewriteConversation } from "./rewrite.ts";
export { bareSeals, type JudgeSeal, pauseThinking } from "./seals-in-body.ts";
export { type SseEvent, SseReader, type SseReaderOptions, SseTooLargeError } from "./sse/reader.ts";
export { formatSse } from "./sse/writer.ts";
export type { AnswerContext, AnswerReader, AnswerWriter, WireCodec, WriteOptions } from "./translate.ts";
export { AnswerStages, type UpstreamOptions } from "./upstream.ts";
