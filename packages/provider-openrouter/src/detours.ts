import { type Call, CallRefused, type JsonObject } from "@headgate/core/provider";
import { asObject, asText } from "@headgate/provider-openai-compatible";

/** Tools of the Messages wire that the client itself runs. */
const clientTools = /^(?:custom|(?:bash|text_editor|memory|computer)_\d{8})$/;

/**
 * Refuses what OpenRouter would do elsewhere than where the model runs: its own tools search the web, fetch pages, run
 * code and ask other models (`openrouter:web_search`, `web_search_20250305`, …).
 *
 * @throws CallRefused
 */
export function refuseDetours({ wire, body, within = [] }: Call): void {
  const isOwn = wire === "messages" ? (type: string) => clientTools.test(type) : isFunction;
  for (const tool of listOf(body.tools)) {
    const type = asText(tool.type) ?? "custom";
    if (isOwn(type)) continue;
    const message = `OpenRouter runs the tool ${type} itself, and not surely within ${within.join("+")}`;
    throw new CallRefused({ kind: "policy", message });
  }
}

const isFunction = (type: string): boolean => type === "function" || type === "custom";

/** Documents are read by a service of OpenRouter's choosing unless the model's own provider is told to. */
export function holdsFiles({ messages }: JsonObject): boolean {
  return listOf(messages).some(({ content }) =>
    listOf(content).some((part) => isFile(part) || listOf(part.content).some(isFile)),
  );
}

const isFile = ({ type }: JsonObject): boolean => type === "file" || type === "document";

export const nativeFiles: readonly JsonObject[] = [{ id: "file-parser", pdf: { engine: "native" } }];

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asObject).filter((one) => one !== undefined) : [];
}
