import { type JsonObject, toObject, toObjects, toText } from "../json.ts";
import { isTextWire, type SimWire, type TextSimWire } from "../wires/frame.ts";

/** A tool that a request offers, in words of no wire. */
export interface OfferedTool {
  readonly name: string;
  /** Group that it belongs to (Responses). */
  readonly namespace?: string;
  /** It takes free text. */
  readonly custom: boolean;
  readonly schema: unknown;
}

const fromChat = (tool: JsonObject): OfferedTool => {
  const custom = tool.type === "custom";
  const details = toObject(custom ? tool.custom : tool.function);
  return { name: toText(details.name) ?? "", custom, schema: details.parameters };
};

const fromResponses = (tool: JsonObject, namespace?: string): readonly OfferedTool[] => {
  const name = toText(tool.name) ?? "";
  if (tool.type === "namespace") return toObjects(tool.tools).flatMap((inner) => fromResponses(inner, name));
  if (tool.type !== "function" && tool.type !== "custom") return [];
  const grouped = namespace === undefined ? {} : { namespace };
  return [{ name, ...grouped, custom: tool.type === "custom", schema: tool.parameters }];
};

/** Responses offers tools in the request, and in items of its input. */
const listOf = (body: JsonObject): readonly JsonObject[] => [
  ...toObjects(body.tools),
  ...toObjects(body.input)
    .filter((item) => item.type === "additional_tools")
    .flatMap((item) => toObjects(item.tools)),
];

const readers: Readonly<Record<TextSimWire, (body: JsonObject) => readonly OfferedTool[]>> = {
  chat: (body) => toObjects(body.tools).map(fromChat),
  responses: (body) => listOf(body).flatMap((tool) => fromResponses(tool)),
  messages: (body) =>
    toObjects(body.tools).map((tool) => ({ name: toText(tool.name) ?? "", custom: false, schema: tool.input_schema })),
};

/** The tools that a model may call; a vendor's own are none of them. */
export const offeredTools = (wire: SimWire, body: JsonObject): readonly OfferedTool[] =>
  isTextWire(wire) ? readers[wire](body) : [];
