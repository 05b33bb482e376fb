import { type JsonObject, spliceTopLevel, type WireFault } from "@headgate/wire";

/** What a client's message asks for. */
export type ClientMessage =
  | { readonly kind: "turn"; readonly turn: Turn }
  | { readonly kind: "fault"; readonly fault: WireFault };

/** The streaming request that a `response.create` stands for. */
export interface Turn {
  readonly text: string;
  readonly json: JsonObject;
  /** False for a warm-up: its input is remembered, and nobody is asked. */
  readonly generates: boolean;
}

/** Keys that have no meaning over HTTP, or another one. */
const ownKeys = ["type", "generate", "background"];

const isUnset = (value: unknown): boolean => value === undefined || value === null;

/**
 * What a message may say of its transport: what holds anyway. Codex 0.169 says `stream: true` in every message, and by a
 * switch of its own how summaries are delivered in the stream.
 */
const allowed: Readonly<Record<string, (value: unknown) => boolean>> = {
  stream: (value) => isUnset(value) || value === true,
  stream_options: (value) => isUnset(value) || Object.keys(Object(value)).join() === "reasoning_summary_delivery",
  background: (value) => isUnset(value) || value === false,
  stream_id: isUnset,
};

/** Reads a message; `undefined` is one that was no text. */
export function readMessage(text: string | undefined): ClientMessage {
  if (text === undefined) return fault("invalid_message", "messages are JSON text, not bytes");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? `: ${error.message.slice(0, 120)}` : "";
    return fault("invalid_json", `the message is not valid JSON${detail}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return fault("invalid_json", "the message must be a JSON object");
  }
  return readEvent(text, json as JsonObject);
}

function readEvent(text: string, event: JsonObject): ClientMessage {
  if (event.type !== "response.create") {
    const named = typeof event.type === "string" ? `"${event.type.slice(0, 80)}"` : "none";
    return fault("unknown_event_type", `the type of a message must be "response.create", it is ${named}`, "type");
  }
  for (const [key, allows] of Object.entries(allowed)) {
    if (allows(event[key])) continue;
    return fault("unsupported_parameter", `${key} cannot be set on a WebSocket: every turn is streamed, in order`, key);
  }
  const { type: _, generate, background: __, ...body } = event;
  return {
    kind: "turn",
    turn: {
      text: spliceTopLevel(text, event, { set: { stream: true }, unset: ownKeys }),
      json: { ...body, stream: true },
      generates: generate !== false,
    },
  };
}

const fault = (code: string, message: string, param?: string): ClientMessage => ({
  kind: "fault",
  fault: { code, message, ...(param === undefined ? {} : { param }) },
});
