import { type JsonObject, toObject, toObjects, toText } from "../json.ts";
import { isTextWire, type SimWire, type TextSimWire } from "../wires/frame.ts";
import type { Answer } from "./answer.ts";
import { exampleOf } from "./example.ts";
import { offeredTools } from "./offered.ts";

/** Each wire's way of demanding and answering a tool, and of asking for JSON. */
const readers: Readonly<
  Record<
    TextSimWire,
    {
      forced(choice: unknown): boolean;
      chosen(choice: JsonObject): unknown;
      answered(body: JsonObject): boolean;
      schema(body: JsonObject): unknown;
    }
  >
> = {
  chat: {
    forced: (choice) => choice === "required" || ["function", "custom"].includes(toText(toObject(choice).type) ?? ""),
    chosen: (choice) => toObject(choice.function ?? choice.custom).name,
    answered: (body) => toObjects(body.messages).some((message) => message.role === "tool"),
    schema: (body) => toObject(toObject(body.response_format).json_schema).schema,
  },
  responses: {
    forced: (choice) => choice === "required" || ["function", "custom"].includes(toText(toObject(choice).type) ?? ""),
    chosen: (choice) => choice.name,
    answered: (body) => toObjects(body.input).some((item) => String(item.type).endsWith("_call_output")),
    schema: (body) => toObject(toObject(body.text).format).schema,
  },
  messages: {
    forced: (choice) => ["any", "tool"].includes(toText(toObject(choice).type) ?? ""),
    chosen: (choice) => choice.name,
    answered: (body) =>
      toObjects(body.messages).some((message) =>
        toObjects(message.content).some((block) => block.type === "tool_result"),
      ),
    schema: (body) => toObject(toObject(body.output_config).format).schema,
  },
};

/** What is answered when nothing was scripted: a greeting, the JSON that was asked for, or the call that was demanded. */
export function defaultAnswer(kind: string, wire: SimWire, model: string, body: JsonObject): Answer {
  const greeting = { text: `Hello from ${kind}/${model}.` };
  if (!isTextWire(wire)) return greeting;
  const read = readers[wire];
  const tools = offeredTools(wire, body);
  const wanted = read.chosen(toObject(body.tool_choice));
  const tool = tools.find(({ name }) => name === wanted) ?? tools[0];
  if (tool && read.forced(body.tool_choice) && !read.answered(body)) {
    const { name, namespace, custom, schema } = tool;
    const written = custom ? "example" : toObject(exampleOf(schema ?? { type: "object" }));
    return { toolCalls: [{ name, arguments: written, ...(namespace === undefined ? {} : { namespace }) }] };
  }
  const schema = read.schema(body);
  if (schema !== undefined) return { text: JSON.stringify(exampleOf(schema)) };
  return greeting;
}
