import { chatCodec } from "./chat/codec.ts";
import { messagesCodec } from "./messages/codec.ts";
import type { TextWire } from "./pivot/types.ts";
import { responsesCodec } from "./responses/codec.ts";
import type { WireCodec } from "./translate.ts";

/** What is known of each wire, by its name. */
export const codecs: Readonly<Record<TextWire, WireCodec>> = {
  chat: chatCodec,
  responses: responsesCodec,
  messages: messagesCodec,
};
