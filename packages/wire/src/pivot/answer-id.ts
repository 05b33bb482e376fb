import type { TextWire } from "./types.ts";

const prefixes: Readonly<Record<TextWire, string>> = { chat: "chatcmpl-", responses: "resp_", messages: "msg_" };

/** An id fit for an answer on `wire`: the upstream's where it has that wire's form, else one made from our own. */
export function answerId(wire: TextWire, upstream: string | undefined, own: string): string {
  const prefix = prefixes[wire];
  if (upstream === undefined || upstream === "") return prefix + own;
  if (upstream.startsWith(prefix)) return upstream;
  // Chat ids have no fixed form (`gen-…` is what an OpenRouter user looks up later): only another wire's is replaced.
  const foreign = upstream.startsWith("resp_") || upstream.startsWith("msg_");
  return wire === "chat" && !foreign ? upstream : prefix + own;
}
