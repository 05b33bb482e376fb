import { codecs, type JsonObject, Ledger, type PivotPart, type PivotRequest, type TextWire } from "@headgate/wire";
import { estimateInput } from "../operations/estimate.ts";

/** What a client of a simulation asks for. */
export interface Wish {
  /** As a client would send it. */
  readonly model: string;
  readonly wire: TextWire;
  readonly stream?: boolean;
  /** How many tokens the input has. Default: a few. */
  readonly tokens?: number;
  /** With a tool, and with a picture. */
  readonly tools?: boolean;
  readonly images?: boolean;
}

/** As long as a token is taken to be. */
const token = "word";

const picture: PivotPart = {
  type: "image",
  source: {
    kind: "base64",
    mediaType: "image/png",
    data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  },
};

/** A body that a client of the wire may send, of the size that is wished for. */
export function requestOf(wish: Wish): JsonObject {
  const bare = bodyOf(wish, 1);
  const missing = (wish.tokens ?? 0) - estimateInput(wish.wire, bare);
  return missing > 0 ? bodyOf(wish, 1 + Math.floor(missing)) : bare;
}

function bodyOf({ model, wire, stream = false, tools, images }: Wish, tokens: number): JsonObject {
  const text: PivotPart = { type: "text", text: token.repeat(tokens) };
  const request: PivotRequest = {
    items: [{ type: "message", role: "user", parts: images === true ? [text, picture] : [text] }],
    tools: tools === true ? [{ type: "function", name: "look", parameters: { type: "object", properties: {} } }] : [],
    stream,
  };
  return codecs[wire].writeRequest(request, { model }, new Ledger(wire, wire));
}
