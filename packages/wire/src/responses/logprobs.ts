import { isCount, isObject, toList, toNumber, toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { ResponsesLogprob } from "./types.ts";

/** Log probabilities with every field that Open Responses demands: chat sends `bytes: null` for a token without any. */
export const toLogprobs = (entries: readonly JsonObject[]): ResponsesLogprob[] =>
  entries.map((entry) => ({
    ...toToken(entry),
    top_logprobs: toList(entry.top_logprobs).filter(isObject).map(toToken),
  }));

const toToken = (entry: JsonObject): Omit<ResponsesLogprob, "top_logprobs"> => ({
  token: toText(entry.token) ?? "",
  logprob: toNumber(entry.logprob) ?? 0,
  bytes: toList(entry.bytes).filter(isCount),
});
