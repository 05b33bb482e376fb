import type { WireCodec } from "../translate.ts";
import { readMessagesAnswer, writeMessagesAnswer } from "./answer.ts";
import { messagesErrorBody, messagesErrorEvent } from "./error.ts";
import { readMessagesRequest } from "./read-request.ts";
import { MessagesReader } from "./read-stream.ts";
import { messagesUsageOf } from "./usage.ts";
import { writeMessagesRequest } from "./write-request.ts";
import { MessagesWriter } from "./write-stream.ts";

/** Anthropic Messages. */
export const messagesCodec: WireCodec = {
  wire: "messages",
  readRequest: readMessagesRequest,
  writeRequest: writeMessagesRequest,
  readAnswer: readMessagesAnswer,
  writeAnswer: writeMessagesAnswer,
  createReader: () => new MessagesReader(),
  createWriter: (context) => new MessagesWriter(context),
  errorBody: messagesErrorBody,
  errorEvent: messagesErrorEvent,
  usageOf: messagesUsageOf,
};
