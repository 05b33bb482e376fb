import { toList } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** True for a client from before tools: it sent `functions`, and looks for its call in `function_call` alone. */
export const wantsFunctionCall = (request: JsonObject): boolean =>
  toList(request.functions).length > 0 && toList(request.tools).length === 0;
