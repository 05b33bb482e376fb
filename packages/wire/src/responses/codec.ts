import type { WireCodec } from "../translate.ts";
import { readResponsesAnswer, writeResponsesAnswer } from "./answer.ts";
import { responsesErrorBody, responsesErrorEvent } from "./error.ts";
import { readResponsesRequest } from "./read-request.ts";
import { ResponsesReader } from "./read-stream.ts";
import { responsesUsageOf } from "./usage.ts";
import { writeResponsesRequest } from "./write-request.ts";
import { ResponsesWriter } from "./write-stream.ts";

/** OpenAI Responses, and Open Responses. */
export const responsesCodec: WireCodec = {
  wire: "responses",
  readRequest: readResponsesRequest,
  writeRequest: writeResponsesRequest,
  readAnswer: readResponsesAnswer,
  writeAnswer: writeResponsesAnswer,
  createReader: () => new ResponsesReader(),
  createWriter: (context) => new ResponsesWriter(context),
  errorBody: responsesErrorBody,
  errorEvent: responsesErrorEvent,
  usageOf: responsesUsageOf,
};
