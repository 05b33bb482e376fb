import type { JsonObject, TextWire } from "../pivot/types.ts";
import { randomChat } from "./random-chat.ts";
import { randomMessages } from "./random-messages.ts";
import { randomResponses } from "./random-responses.ts";
import type { Tape } from "./tape.ts";

const random: Readonly<Record<TextWire, (tape: Tape) => JsonObject>> = {
  chat: randomChat,
  responses: randomResponses,
  messages: randomMessages,
};

/** Any body that a client of the wire may send. */
export const randomRequest = (wire: TextWire, tape: Tape): JsonObject => random[wire](tape);
