import { errorOutbound, nextRequestId, type Outbound } from "@headgate/core";
import { codecs, type JsonObject, type WireFault } from "@headgate/wire";
import { type ConnectionMemory, itemsOf } from "./memory.ts";

/**
 * Answers a turn that is not to be generated: its items are remembered, and the next turn goes on from them. Codex
 * opens every connection so, and sends what is too long for one message in several.
 */
export function warmUp(json: JsonObject, memory: ConnectionMemory): Outbound {
  const id = nextRequestId();
  const own = readInput(json.input);
  if (own === undefined) {
    return refuse(id, {
      code: "invalid_request",
      param: "input",
      message: "input must be a string or a list of items",
    });
  }
  const { previous_response_id: previous } = json;
  const earlier = typeof previous === "string" ? memory.get(previous) : undefined;
  if (typeof previous === "string" && earlier === undefined) {
    const message = `Previous response with id '${previous.slice(0, 200)}' not found.`;
    return refuse(id, { code: "previous_response_not_found", param: "previous_response_id", message });
  }
  const input = earlier === undefined ? own : [...itemsOf(earlier), ...own];
  const writer = codecs.responses.createWriter({
    id,
    model: typeof json.model === "string" ? json.model : "",
    created: Math.floor(Date.now() / 1000),
    request: json,
    onResponse: (response) => {
      memory.put("", { response, input, ...(earlier?.within === undefined ? {} : { within: earlier.within }) });
    },
  });
  const body =
    writer.write({ type: "start" }) +
    writer.write({ type: "usage", usage: { inputTokens: 0, outputTokens: 0 } }) +
    writer.write({ type: "finish", reason: "stop" });
  return { status: 200, headers: {}, body };
}

const refuse = (id: string, fault: WireFault): Outbound => errorOutbound("responses", 400, fault, id);

function readInput(input: unknown): readonly JsonObject[] | undefined {
  if (input === undefined || input === null) return [];
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  const isList = Array.isArray(input) && input.every((item) => typeof item === "object" && item !== null);
  return isList ? (input as readonly JsonObject[]) : undefined;
}
