import type { AnswerHead, Observed } from "@headgate/core/provider";
import { asObject, asText } from "./fault.ts";

/** The model that an answer names: at its top (chat, whole answers), in `response`, or in `message`. */
export function servedModel(answer: AnswerHead): string | undefined {
  const { body } = answer;
  return asText(body.model) ?? asText(asObject(body.response)?.model) ?? asText(asObject(body.message)?.model);
}

/**
 * Whether two names mean one model: a name with and without its folders or publisher, Ollama's `:latest`,
 * and a dated snapshot of what was asked for.
 */
export function isSameModel(asked: string, served: string): boolean {
  if (asked === served) return true;
  const a = asked.replace(/:latest$/, "");
  const b = served.replace(/:latest$/, "");
  if (a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`)) return true;
  return b.startsWith(`${a}-`) && /^-\d{4}-?\d{2}-?\d{2}$/.test(b.slice(a.length));
}

/** Says which model served, and warns when it is not the one that was asked for. */
export function observeModel(
  answer: AnswerHead,
  isSame: (asked: string, served: string) => boolean = isSameModel,
): Observed {
  const model = servedModel(answer);
  if (model === undefined) return {};
  return isSame(answer.model, model) ? { model } : { model, warning: `asked for ${answer.model}, ${model} answered` };
}
