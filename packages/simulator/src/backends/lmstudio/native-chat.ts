import { toObject, toText } from "../../json.ts";
import { isProblem, type Problem, type Reply } from "../backend.ts";
import { writeLmStudio } from "./errors.ts";
import type { Memory, Reached } from "./memory.ts";

/** All that `/api/v1/chat` takes. */
const known = new Set([
  "model",
  "input",
  "system_prompt",
  "integrations",
  "stream",
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "repeat_penalty",
  "max_output_tokens",
  "reasoning",
  "context_length",
  "store",
  "previous_response_id",
]);

const refusal = (status: number, problem: Omit<Problem, "status">): Reply => ({
  status,
  body: writeLmStudio({ status, ...problem, type: "invalid_request" }),
});

/** `POST /api/v1/chat`: one word for an answer; streamed, it tells how far a load is. LM Studio 0.4.0 to 0.4.23. */
export async function nativeChat(body: unknown, memory: Memory): Promise<Reply> {
  const fields = toObject(body);
  const strange = Object.keys(fields).find((key) => !known.has(key));
  if (strange !== undefined) {
    const message = `Unrecognized key(s) in object: '${strange}'`;
    return refusal(400, { message, code: "unrecognized_keys" });
  }
  const name = toText(fields.model);
  if (name === undefined || fields.input === undefined) return refusal(400, { message: "Required", param: "model" });
  const reached = memory.serve(name);
  if (isProblem(reached)) return refusal(reached.status, reached);
  if (fields.stream === true) return { status: 200, body: "", frames: frames(reached) };
  const failure = await reached.loading;
  return failure ? refusal(500, { ...failure, code: "model_load_failed" }) : { status: 200, body: result(reached) };
}

const result = ({ name }: Reached) => ({
  model_instance_id: name,
  output: [{ type: "message", content: "Hello" }],
  stats: { input_tokens: 5, total_output_tokens: 1, reasoning_output_tokens: 0 },
});

const frame = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

async function* frames(reached: Reached): AsyncGenerator<string, void, undefined> {
  const { name, load, loading } = reached;
  yield frame("chat.start", { model_instance_id: name });
  if (load !== undefined) {
    yield frame("model_load.start", { model_instance_id: name });
    for await (const progress of load.progress()) yield frame("model_load.progress", { progress });
    const failure = await loading;
    if (failure !== undefined) {
      const { message } = failure;
      yield frame("error", { error: { type: "internal_error", message, code: "model_load_failed" } });
      yield frame("chat.end", { result: { ...result(reached), output: [] } });
      return;
    }
    yield frame("model_load.end", { load_time_seconds: (load.model.loadMs ?? 0) / 1000 });
  }
  yield frame("message.start", {});
  yield frame("message.delta", { content: "Hello" });
  yield frame("message.end", {});
  yield frame("chat.end", { result: result(reached) });
}
