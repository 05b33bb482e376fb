import { type JsonObject, toObject, toObjects, toText } from "../json.ts";
import type { SimWire } from "../wires/frame.ts";
import type { Answer } from "./answer.ts";
import { exampleOf } from "./example.ts";

interface OfferedTool {
  readonly name: string;
  readonly schema: unknown;
}

/** Each wire's way of offering, demanding and answering a tool, and of asking for JSON. */
const readers: Readonly<
  Record<
    SimWire,
    {
      tools(body: JsonObject): readonly OfferedTool[];
      forced(choice: unknown): boolean;
      chosen(choice: JsonObject): unknown;
      answered(body: JsonObject): boolean;
      schema(body: JsonObject): unknown;
    }
  >
> = {
  chat: {
    tools: (body) =>
      toObjects(body.tools)
        .map((tool) => toObject(tool.function))
        .map((tool) => ({ name: toText(tool.name) ?? "", schema: tool.parameters })),
    forced: (choice) => choice === "required" || toObject(choice).type === "function",
    chosen: (choice) => toObject(choice.function).name,
    answered: (body) => toObjects(body.messages).some((message) => message.role === "tool"),
    schema: (body) => toObject(toObject(body.response_format).json_schema).schema,
  },
  responses: {
    tools: (body) =>
      toObjects(body.tools)
        .filter((tool) => tool.type === "function")
        .map((tool) => ({ name: toText(tool.name) ?? "", schema: tool.parameters })),
    forced: (choice) => choice === "required" || toObject(choice).type === "function",
    chosen: (choice) => choice.name,
    answered: (body) => toObjects(body.input).some((item) => item.type === "function_call_output"),
    schema: (body) => toObject(toObject(body.text).format).schema,
  },
  messages: {
    tools: (body) =>
      toObjects(body.tools).map((tool) => ({ name: toText(tool.name) ?? "", schema: tool.input_schema })),
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
  const read = readers[wire];
  const tools = read.tools(body);
  const wanted = read.chosen(toObject(body.tool_choice));
  const tool = tools.find(({ name }) => name === wanted) ?? tools[0];
  if (tool && read.forced(body.tool_choice) && !read.answered(body)) {
    return { toolCalls: [{ name: tool.name, arguments: toObject(exampleOf(tool.schema ?? { type: "object" })) }] };
  }
  const schema = read.schema(body);
  if (schema !== undefined) return { text: JSON.stringify(exampleOf(schema)) };
  return { text: `Hello from ${kind}/${model}.` };
}
