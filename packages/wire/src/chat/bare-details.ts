import { unwrapSeal } from "../pivot/seal.ts";
import { toList } from "../pivot/shape.ts";
import type { JsonObject, Seal } from "../pivot/types.ts";
import { fromDetailsSeal, isSealDetail } from "./details.ts";

/**
 * A replayed message as a chat backend may have it: lists of its own making as they were, and none of our entries for
 * what others made. The message itself where nothing has to change.
 */
export function bareDetails(message: JsonObject, judge: (seal: Seal) => "own" | "foreign"): JsonObject {
  const details = toList(message.reasoning_details);
  if (!details.some(isSealDetail)) return message;
  const bare = details.flatMap((detail) => {
    if (!isSealDetail(detail)) return [detail];
    const seal = unwrapSeal(detail.data, { wire: "chat", kind: "details" });
    return seal.kind === "details" && judge(seal) === "own" ? fromDetailsSeal(seal) : [];
  });
  const { reasoning_details: _, ...rest } = message;
  return bare.length === 0 ? rest : { ...rest, reasoning_details: bare };
}
