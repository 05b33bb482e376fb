import { Ledger } from "../../pivot/ledger.ts";
import type { JsonObject, PivotRequest } from "../../pivot/types.ts";
import { readResponsesRequest } from "../read-request.ts";

/** A client's body as it is read, with `"hi"` as its input unless it has one; and what of it is lost. */
export function read(body: JsonObject): { request: PivotRequest; losses: string[] } {
  const ledger = new Ledger("responses", "chat");
  const request = readResponsesRequest({ input: "hi", ...body }, ledger);
  return { request, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
}
