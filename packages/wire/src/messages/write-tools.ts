import { noParameters, type Turn } from "../pivot/conversation.ts";
import { asFunctionTool } from "../pivot/custom-tools.ts";
import { fieldName } from "../pivot/fields.ts";
import { sayGroupWords } from "../pivot/group-words.ts";
import { defined } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import { fitSchema } from "./fit-schema.ts";
import type { Target } from "./target.ts";
import type { MessagesTool, MessagesToolChoice } from "./types.ts";
import { writeCache } from "./write-parts.ts";

/** The tools of a request, each once; those of a history without any are declared and may not be called. */
export function writeTools({ tools }: PivotRequest, turns: readonly Turn[], target: Target): MessagesTool[] {
  const declared = tools.length > 0 ? sayGroupWords(tools, target.ledger) : toolsOfHistory(turns, target);
  const byName = new Map<string, MessagesTool>();
  for (const tool of declared) {
    const written = writeTool(tool, target);
    if (byName.has(written.name)) target.ledger.changed("tools", "a tool that is declared twice is sent once");
    byName.set(written.name, written);
  }
  return keepOneInSight([...byName.values()], target);
}

/** A history with calls needs their tools declared, even if none may be called now. */
function toolsOfHistory(turns: readonly Turn[], { ledger }: Target): PivotTool[] {
  const calls = turns.flatMap((turn) => (turn.role === "assistant" ? turn.calls : []));
  const known = new Map(calls.map((call) => [`${call.namespace ?? ""}\n${call.name}`, call]));
  if (known.size > 0) {
    ledger.changed(fieldName(ledger, "tools"), "tools of earlier calls are declared, none may be called");
  }
  return [...known.values()].map(({ type, name, namespace }): PivotTool => {
    const place = namespace === undefined ? { name } : { name, namespace };
    return type === "custom_call" ? { type: "custom", ...place } : { type: "function", ...place };
  });
}

function writeTool(tool: PivotTool, target: Target): MessagesTool {
  const { name, namespace, description, parameters, strict, deferLoading, eagerInputStreaming, cache } = asFunctionTool(
    tool,
    target.ledger,
  );
  const kind = tool.type === "custom" ? "custom" : "function";
  const enforced = strict === true ? enforcedSchema(parameters ?? noParameters, target) : undefined;
  return defined({
    name: target.tools.spell(name, namespace, kind),
    description,
    input_schema: { ...(enforced ?? parameters ?? noParameters), type: "object" as const },
    strict: enforced === undefined ? undefined : true,
    defer_loading: flag(deferLoading, "defer_loading", target),
    eager_input_streaming: flag(eagerInputStreaming, "eager_input_streaming", target),
    cache_control: writeCache(cache, target, "tools[].cache_control"),
  });
}

/** A strict tool with a schema beyond what is enforced is answered with a 400; one that is not strict may have any. */
function enforcedSchema(parameters: JsonObject, { ledger }: Target): JsonObject | undefined {
  const { schema, told, open } = fitSchema(parameters);
  if (!open && told.length === 0) return schema;
  const why = open ? "objects of any keys" : told.slice(0, 8).join(", ");
  ledger.dropped("tools[].strict", `messages enforces no schema with ${why}`);
  return undefined;
}

const unflagged = {
  defer_loading: "shown to the model from the start",
  eager_input_streaming: "arguments come when they are checked",
} as const;

const takesFlag: Readonly<Record<keyof typeof unflagged, (target: Target) => boolean>> = {
  // A tool that waits is found by a tool of its client's own wire: from another wire none comes that could.
  defer_loading: (target) => target.sameWire && target.has("tool_search"),
  eager_input_streaming: (target) => target.has("eager_input_streaming"),
};

function flag(wished: boolean | undefined, key: keyof typeof unflagged, target: Target): true | undefined {
  if (wished !== true) return undefined;
  if (takesFlag[key](target)) return true;
  target.ledger.changed(`tools[].${key}`, unflagged[key]);
  return undefined;
}

/** Anthropic refuses a request whose tools all wait to be found. */
function keepOneInSight(tools: MessagesTool[], { ledger }: Target): MessagesTool[] {
  if (tools.length === 0 || tools.some((tool) => tool.defer_loading !== true)) return tools;
  ledger.changed("tools[].defer_loading", unflagged.defer_loading);
  return tools.map(({ defer_loading: _, ...tool }) => tool);
}

/**
 * The choice among the client's own tools; those of a history alone may not be called. `disable_parallel_tool_use` lives
 * inside the choice, so a request without one gets `auto`.
 */
export function writeChoice(
  request: PivotRequest,
  tools: readonly MessagesTool[],
  target: Target,
): MessagesToolChoice | undefined {
  const choice = writableChoice(request, target.ledger);
  if (request.tools.length === 0) return tools.length === 0 ? undefined : { type: "none" };
  const one = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : undefined;
  if (choice === undefined) return one && { type: "auto", ...one };
  if (typeof choice === "string") return choice === "none" ? { type: "none" } : { type: words[choice], ...one };
  return { ...namedChoice(choice, request, target), ...one };
}

const words = { auto: "auto", required: "any" } as const satisfies Partial<Record<PivotToolChoice & string, string>>;

/** True for a choice that leaves the model no other way than a call. */
export const isForced = (choice: MessagesToolChoice | undefined): boolean =>
  choice?.type === "any" || choice?.type === "tool";

function namedChoice(
  { name, namespace }: Exclude<PivotToolChoice, string>,
  { tools }: PivotRequest,
  target: Target,
): { type: "tool"; name: string } {
  const same = tools.filter((tool) => tool.name === name);
  const chosen = same.find((tool) => tool.namespace === namespace) ?? same[0];
  return { type: "tool", name: target.tools.spell(name, chosen?.namespace ?? namespace) };
}
