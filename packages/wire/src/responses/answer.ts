import { hasError, readFault } from "../pivot/fault.ts";
import { foldFinished } from "../pivot/fold.ts";
import { isObject } from "../pivot/shape.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { echoRequest } from "./echo.ts";
import { endStatus, itemId, toOutputItem, toResponseState } from "./output.ts";
import { ResponsesReader } from "./read-stream.ts";
import type { ResponsesAnswer } from "./types.ts";

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
export function writeResponsesAnswer(events: readonly AnswerEvent[], context: AnswerContext): ResponsesAnswer {
  const fold = foldFinished(events);
  const output = fold.items.map((item, index) =>
    toOutputItem(item, itemId(item, index, context), endStatus(item, fold)),
  );
  return { ...toResponseState(fold, output, context), ...echoRequest(context.request) };
}
