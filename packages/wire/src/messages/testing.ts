import type { WireFeature } from "../pivot/features.ts";
import { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { JsonObject, PivotItem, PivotRequest, TextWire } from "../pivot/types.ts";
import { readMessagesRequest } from "./read-request.ts";
import { writeMessagesRequest } from "./write-request.ts";

type Role = Extract<PivotItem, { type: "message" }>["role"];

export const message = (role: Role, ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});

export const call = (callId: string, args = "{}", name = "f"): PivotItem => ({
  type: "function_call",
  callId,
  name,
  arguments: args,
});

export const output = (callId: string, text: string): PivotItem => ({
  type: "function_call_output",
  callId,
  parts: [{ type: "text", text }],
});

/** A thought of provider `p`, with a signature under it. */
export const thought = (text: string, value: string, provider = "p"): PivotItem => ({
  type: "reasoning",
  text,
  summary: [],
  seal: { wire: "messages", kind: "signature", value, provider },
});

const lossesOf = (ledger: Ledger): string[] => ledger.losses.map(({ effect, field }) => `${effect} ${field}`);

/** A client's body as it is read, and what of it was lost. */
export function readRequest(body: JsonObject): { request: PivotRequest; losses: string[] } {
  const ledger = new Ledger("messages", "chat");
  const request = readMessagesRequest({ messages: [], ...body }, ledger);
  return { request, losses: lossesOf(ledger) };
}

export interface WriteSettings {
  readonly from?: TextWire;
  readonly features?: readonly WireFeature[];
  readonly maxOutputTokens?: number;
}

/** A body for provider `p`, and what could not be written into it. */
export function writeRequest(
  request: Partial<PivotRequest>,
  { from = "chat", features = [], maxOutputTokens }: WriteSettings = {},
): { body: JsonObject; losses: string[]; tools: ToolNames } {
  const ledger = new Ledger(from, "messages");
  const tools = new ToolNames();
  const body = writeMessagesRequest(
    { items: [], tools: [], stream: false, ...request },
    {
      model: "m",
      provider: "p",
      features: new Set(features),
      tools,
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    },
    ledger,
  );
  return { body, losses: lossesOf(ledger), tools };
}
