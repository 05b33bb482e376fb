import type { WireCodec } from "../translate.ts";
import { readChatAnswer, writeChatAnswer } from "./answer.ts";
import { chatErrorBody, chatErrorEvent } from "./error.ts";
import { readChatRequest } from "./read-request.ts";
import { ChatReader } from "./read-stream.ts";
import { chatUsageOf } from "./usage.ts";
import { writeChatRequest } from "./write-request.ts";
import { ChatWriter } from "./write-stream.ts";

/** Chat Completions. */
export const chatCodec: WireCodec = {
  wire: "chat",
  readRequest: readChatRequest,
  writeRequest: writeChatRequest,
  readAnswer: readChatAnswer,
  writeAnswer: writeChatAnswer,
  createReader: () => new ChatReader(),
  createWriter: (context) => new ChatWriter(context),
  errorBody: chatErrorBody,
  errorEvent: chatErrorEvent,
  usageOf: chatUsageOf,
};
