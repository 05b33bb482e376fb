import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotRequest } from "../pivot/types.ts";
import type { WriteOptions } from "../translate.ts";
import type { ChatRequest } from "./types.ts";
import { writeMessages } from "./write-messages.ts";
import { writeSettings } from "./write-settings.ts";
import { chatTarget } from "./write-target.ts";
import { writeTools } from "./write-tools.ts";

/** Writes a Chat Completions body. */
export function writeChatRequest(request: PivotRequest, options: WriteOptions, ledger: Ledger): ChatRequest {
  const target = chatTarget(options, ledger);
  // Before the conversation: declared tools keep the nicest names.
  const tools = writeTools(request, target);
  return defined({
    model: options.model,
    messages: writeMessages(request.items, target),
    ...tools,
    ...writeSettings(request, target),
    stream: request.stream ? (true as const) : undefined,
    // Without it no server says what a stream has cost.
    stream_options: request.stream ? { include_usage: true } : undefined,
  });
}
