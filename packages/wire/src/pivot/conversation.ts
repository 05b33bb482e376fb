import { fieldName } from "./fields.ts";
import type { Ledger } from "./ledger.ts";
import type { PivotItem, PivotPart } from "./types.ts";

type Item<Type extends PivotItem["type"]> = Extract<PivotItem, { type: Type }>;
export type PivotMessage = Item<"message">;
export type PivotCall = Item<"function_call">;
export type PivotOutput = Item<"function_call_output">;

/** One turn, with a call's outputs beside it wherever the client put them. */
export type Turn =
  | { readonly role: "system" | "developer" | "user"; readonly parts: readonly PivotPart[] }
  | {
      readonly role: "assistant";
      readonly parts: PivotPart[];
      readonly calls: PivotCall[];
      readonly outputs: PivotOutput[];
    };
export type AssistantTurn = Extract<Turn, { role: "assistant" }>;

/** A call that waits for its output, under the id the client knows. */
interface OpenCall {
  readonly callId: string;
  readonly call: PivotCall;
}

/**
 * Makes call ids unique, and gives every output the id of the call before it: the same id, the same but for
 * punctuation (clients rewrite ids when they replay), or the only call left open. An output of no call becomes a user
 * message. `spell` turns an id into one that the target accepts.
 */
export function pairOutputs(
  items: readonly PivotItem[],
  ledger: Ledger,
  spell: (callId: string) => string = (callId) => callId,
): PivotItem[] {
  const open: OpenCall[] = [];
  const taken = new Set<string>();
  return items.map((item) => {
    if (item.type === "function_call") {
      const call = { ...item, callId: uniqueId(spell(item.callId), taken) };
      open.push({ callId: item.callId, call });
      return call;
    }
    if (item.type !== "function_call_output") return item;
    const call = takeCall(open, item.callId);
    return call === undefined ? orphan(item, ledger) : { ...item, callId: call.callId };
  });
}

function uniqueId(callId: string, taken: Set<string>): string {
  let unique = callId === "" ? `call_${taken.size}` : callId;
  while (taken.has(unique)) unique = `${unique}_${taken.size}`;
  taken.add(unique);
  return unique;
}

function takeCall(open: OpenCall[], callId: string): PivotCall | undefined {
  let position = open.findIndex((entry) => entry.callId === callId);
  if (position === -1) position = open.findIndex((entry) => bare(entry.callId) === bare(callId));
  if (position === -1 && open.length === 1) position = 0;
  return position === -1 ? undefined : open.splice(position, 1)[0]?.call;
}

function orphan(output: PivotOutput, ledger: Ledger): PivotItem {
  ledger.changed(fieldName(ledger, "orphanOutput"), "a tool result without its call became user text");
  const text = `[Result of tool call ${output.callId}]\n${output.output}`;
  return { type: "message", role: "user", parts: [{ type: "text", text }] };
}

const bare = (id: string): string => id.replace(/[^A-Za-z0-9]/g, "");

/** Groups a conversation into turns: calls join the assistant's text before them, outputs join their calls. */
export function toTurns(items: readonly PivotItem[], ledger: Ledger, spell?: (callId: string) => string): Turn[] {
  const turns: Turn[] = [];
  const turnOf = new Map<string, AssistantTurn>();
  for (const item of pairOutputs(items, ledger, spell)) {
    if (item.type === "function_call_output") turnOf.get(item.callId)?.outputs.push(item);
    else if (item.type === "function_call") {
      const turn = openAssistant(turns) ?? addAssistant(turns);
      turn.calls.push(item);
      turnOf.set(item.callId, turn);
    } else if (item.role === "assistant") addAssistantText(turns, item);
    else turns.push({ role: item.role, parts: item.parts });
  }
  return turns;
}

/** The last turn, if it is the assistant's and still takes calls. */
function openAssistant(turns: readonly Turn[]): AssistantTurn | undefined {
  const last = turns.at(-1);
  return last?.role === "assistant" && last.outputs.length === 0 ? last : undefined;
}

function addAssistant(turns: Turn[]): AssistantTurn {
  const turn: AssistantTurn = { role: "assistant", parts: [], calls: [], outputs: [] };
  turns.push(turn);
  return turn;
}

/** Text between a call and its output belongs to the call's turn: nothing may stand between the two. */
function addAssistantText(turns: Turn[], message: PivotMessage): void {
  const open = openAssistant(turns);
  const turn = open !== undefined && open.calls.length > 0 ? open : addAssistant(turns);
  turn.parts.push(...message.parts);
}

/** Parts as one text; blocks of their own stay apart by a blank line. */
export const joinText = (parts: readonly PivotPart[]): string =>
  parts
    .map(({ text }) => text)
    .filter((text) => text !== "")
    .join("\n\n");

/** A tool's output as other wires than Messages see it: they have no sign for a failure. */
export function outputText(output: PivotOutput, ledger: Ledger): string {
  if (output.isError !== true) return output.output;
  ledger.changed(fieldName(ledger, "isError"), `written into the text, ${ledger.to} has no sign for it`);
  return `Error: ${output.output}`;
}

/** What a tool without a schema takes, in the form that LM Studio and Messages insist on. */
export const noParameters = { type: "object", properties: {} } as const;
