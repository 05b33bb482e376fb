import type { TextWire } from "@headgate/wire";
import { chat } from "./chat.ts";
import type { Dialect } from "./dialect.ts";
import { messages } from "./messages.ts";
import { responses } from "./responses.ts";

export const dialects: Readonly<Record<TextWire, Dialect>> = { chat, responses, messages };

export type { Conversation, Dialect, Said, SaidCall } from "./dialect.ts";
