import type { Ask, AskReply, Detection, Recognised } from "@headgate/core/provider";
import { asObject, asText } from "./profile/fault.ts";
import { rowsOf } from "./profile/model-list.ts";

/** Whatever has a list of models where OpenAI has it. Who it is only names it: all of them are asked alike. */
export const detect: Detection = {
  name: "OpenAI-compatible server",
  ports: [8080, 11_434, 30_000],
  start: "llama-server -m MODEL.gguf, ollama serve, or any server with an OpenAI-style API",
  recognise: async (origin, ask) => {
    const reply = await ask(`${origin}/v1/models`);
    const isLlama = reply.headers.server === "llama.cpp";
    // While it loads, llama.cpp 0.5.0 has no list.
    if (!isLlama && !isList(reply) && !isRefusal(reply)) return undefined;
    return { ...(await nameOf(reply, isLlama, origin, ask)), baseUrl: `${origin}/v1`, generic: true };
  },
};

function isList({ status, json }: AskReply): boolean {
  const rows = rowsOf(json);
  return status === 200 && Array.isArray(asObject(json)?.data) && rows.every((row) => asText(row.id) !== undefined);
}

/** Many a server answers a stranger with a 401; only one with such an API answers like this. */
function isRefusal({ status, json }: AskReply): boolean {
  return status === 401 && asText(asObject(asObject(json)?.error)?.message) !== undefined;
}

type Name = Pick<Recognised, "name" | "id">;

async function nameOf({ json }: AskReply, isLlama: boolean, origin: string, ask: Ask): Promise<Name> {
  const owners = rowsOf(json).map((row) => row.owned_by);
  if (isLlama || owners.includes("llamacpp")) return { name: "llama.cpp", id: "llamacpp" };
  // SGLang speaks some of Ollama's paths.
  if (owners.includes("sglang")) return { name: "SGLang", id: "sglang" };
  return (await isOllama(origin, ask)) ? { name: "Ollama", id: "ollama" } : { id: "local" };
}

const isOllama = (origin: string, ask: Ask): Promise<boolean> =>
  ask(origin).then(
    ({ text }) => text.trim() === "Ollama is running",
    () => false,
  );
