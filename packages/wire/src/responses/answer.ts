import { hasError, readFault } from "../pivot/fault.ts";
import { foldFinished } from "../pivot/fold.ts";
import { isObject } from "../pivot/shape.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { placed } from "./annotation.ts";
import { echoRequest } from "./echo.ts";
import { endStatus, ItemIds, isForeign, toOutputItem, toResponseState } from "./output.ts";
import { ResponsesReader } from "./read-stream.ts";
import { tellLosses } from "./tell-losses.ts";
import type { ResponsesAnswer, ResponsesWrittenItem } from "./types.ts";

/** Reads a whole answer as its own terminal event. */
export function readResponsesAnswer(body: unknown): AnswerEvent[] {
  if (!isObject(body) || hasError(body) || !Array.isArray(body.output)) {
    const fault = readFault(body, "The backend's reply is no response: it has no output.");
    return [{ type: "error", fault: { ...fault, raw: body } }];
  }
  const out: AnswerEvent[] = [];
  new ResponsesReader().finish(body, out);
  const failed = out.find((event) => event.type === "error");
  return failed === undefined ? out : [{ type: "error", fault: { ...failed.fault, raw: body } }];
}

/** Writes a whole answer. */
export function writeResponsesAnswer(
  events: readonly AnswerEvent[],
  context: AnswerContext,
): ResponsesAnswer<ResponsesWrittenItem> {
  const fold = foldFinished(events, placed);
  const ids = new ItemIds(context);
  const output = fold.items
    .filter((item) => !isForeign(item))
    .map((item, index) => toOutputItem(item, ids.of(item, index), endStatus(item, fold)));
  tellLosses(fold, context.ledger);
  const response = { ...toResponseState(fold, output, context), ...echoRequest(context) };
  context.onResponse?.(response);
  return response;
}
