import type { Ask, ModelStatus } from "@headgate/core/provider";
import type { BaseUrl } from "./profile/base-url.ts";
import { classifyFailure } from "./profile/classify.ts";
import { asObject, asText } from "./profile/fault.ts";
import { rowsOf } from "./profile/model-list.ts";

/** What llama.cpp 0.5.0 says of a model in router mode. One that sleeps is loaded again by the next request. */
const states: ReadonlyMap<string, ModelStatus> = new Map([
  ["loaded", "ready"],
  ["loading", "loading"],
  ["downloading", "loading"],
  ["unloaded", "cold"],
  ["sleeping", "cold"],
]);

/**
 * How a model of llama.cpp is, by its list: while it loads, every path is a 503; with one model it answers any name.
 *
 * @throws Error where the server is another one: their lists say nothing of what is in memory.
 */
export async function readStatus(ask: Ask, baseUrl: BaseUrl, model: string): Promise<ModelStatus> {
  const reply = await ask(`${baseUrl.root}/models${baseUrl.query}`);
  if (reply.status !== 200) {
    const { kind, message } = classifyFailure({ ...reply, body: reply.json, wire: "chat", model, phase: "status" });
    if (kind === "model_loading") return "loading";
    throw new Error(`it does not tell how ${model} is: ${message}`);
  }
  const rows = rowsOf(reply.json);
  if (!rows.some((row) => row.owned_by === "llamacpp")) throw new Error("it does not tell what is in memory");
  if (rows.every((row) => row.status === undefined)) return "ready";
  const row = rows.find(({ id }) => id === model);
  if (row === undefined) return "missing";
  const status = states.get(asText(asObject(row.status)?.value) ?? "");
  if (status === undefined) throw new Error(`it says nothing known of ${model}`);
  return status;
}
