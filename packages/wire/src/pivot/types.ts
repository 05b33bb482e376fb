/**
 * The pivot: what the three wires have in common, shaped after Responses, the widest of them.
 *
 * A request is read into a {@link PivotRequest}; an answer, streamed or whole, becomes a sequence of
 * {@link AnswerEvent}s. Every wire has a reader and a writer for both, so nine pairs need six converters.
 */

export * from "./answer-types.ts";
export * from "./request-types.ts";
export * from "./wires.ts";
