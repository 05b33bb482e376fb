import { fieldName } from "./fields.ts";
import type { Ledger } from "./ledger.ts";
import type { PivotItem, PivotPart } from "./types.ts";

type Item<Type extends PivotItem["type"]> = Extract<PivotItem, { type: Type }>;
export type PivotMessage = Item<"message">;
export type PivotCall = Item<"function_call"> | Item<"custom_call">;
export type PivotOutput = Item<"function_call_output">;
export type PivotThought = Item<"reasoning">;

/** One turn, with a call's outputs beside it wherever the client put them. */
export type Turn =
  | {
      readonly role: "system" | "developer" | "user";
      readonly parts: readonly PivotPart[];
      readonly name?: string;
    }
  | {
      readonly role: "assistant";
      /** What was thought before the text and the calls. */
      readonly thoughts: PivotThought[];
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
 * punctuation (clients rewrite ids when they replay), or else the first open call that no other output names. An output
 * of no call becomes a user message. `spell` turns an id into one that the target accepts.
 */
export function pairOutputs(
  items: readonly PivotItem[],
  ledger: Ledger,
  spell: (callId: string) => string = (callId) => callId,
): PivotItem[] {
  const open: OpenCall[] = [];
  const taken = new Set<string>();
  const named = new Set(items.flatMap((item) => (item.type === "function_call_output" ? [bare(item.callId)] : [])));
  return items.map((item) => {
    if (item.type === "function_call" || item.type === "custom_call") {
      const call = { ...item, callId: uniqueId(spell(item.callId), taken) };
      open.push({ callId: item.callId, call });
      return call;
    }
    if (item.type !== "function_call_output") return item;
    const call = takeCall(open, item.callId, named);
    return call === undefined ? orphan(item, ledger) : { ...item, callId: call.callId };
  });
}

function uniqueId(callId: string, taken: Set<string>): string {
  let unique = callId === "" ? `call_${taken.size}` : callId;
  while (taken.has(unique)) unique = `${unique}_${taken.size}`;
  taken.add(unique);
  return unique;
}

function takeCall(open: OpenCall[], callId: string, named: ReadonlySet<string>): PivotCall | undefined {
  let position = open.findIndex((entry) => entry.callId === callId);
  if (position === -1) position = open.findIndex((entry) => bare(entry.callId) === bare(callId));
  if (position === -1) position = open.findIndex((entry) => !named.has(bare(entry.callId)));
  return position === -1 ? undefined : open.splice(position, 1)[0]?.call;
}

function orphan(output: PivotOutput, ledger: Ledger): PivotItem {
  ledger.changed(fieldName(ledger, "orphanOutput"), "a tool result without its call became user text");
  const heading = { type: "text", text: `[Result of tool call ${output.callId}]` } as const;
  return { type: "message", role: "user", parts: [heading, ...output.parts] };
}

const bare = (id: string): string => id.replace(/[^A-Za-z0-9]/g, "");

/** Groups a conversation into turns: calls join the assistant's text before them, outputs join their calls. */
export function toTurns(items: readonly PivotItem[], ledger: Ledger, spell?: (callId: string) => string): Turn[] {
  const turns: Turn[] = [];
  const turnOf = new Map<string, AssistantTurn>();
  for (const item of pairOutputs(items, ledger, spell)) {
    switch (item.type) {
      case "function_call_output":
        turnOf.get(item.callId)?.outputs.push(item);
        break;
      case "function_call":
      case "custom_call": {
        const turn = openAssistant(turns) ?? addAssistant(turns);
        turn.calls.push(item);
        turnOf.set(item.callId, turn);
        break;
      }
      case "reasoning":
        thoughtTurn(turns).thoughts.push(item);
        break;
      case "message":
        if (item.role === "assistant") addAssistantText(turns, item);
        else
          turns.push(
            item.name === undefined
              ? { role: item.role, parts: item.parts }
              : { role: item.role, parts: item.parts, name: item.name },
          );
    }
  }
  return turns;
}

/** The last turn, if it is the assistant's and still takes calls. */
function openAssistant(turns: readonly Turn[]): AssistantTurn | undefined {
  const last = turns.at(-1);
  return last?.role === "assistant" && last.outputs.length === 0 ? last : undefined;
}

function addAssistant(turns: Turn[]): AssistantTurn {
  const turn: AssistantTurn = { role: "assistant", thoughts: [], parts: [], calls: [], outputs: [] };
  turns.push(turn);
  return turn;
}

/** Thinking comes before what is said: after text or calls it begins a turn of its own. */
function thoughtTurn(turns: Turn[]): AssistantTurn {
  const open = openAssistant(turns);
  return open !== undefined && open.parts.length === 0 && open.calls.length === 0 ? open : addAssistant(turns);
}

/** Text between a call and its output belongs to the call's turn: nothing may stand between the two. */
function addAssistantText(turns: Turn[], message: PivotMessage): void {
  const open = openAssistant(turns);
  const goesOn = open !== undefined && (open.calls.length > 0 || open.parts.length === 0);
  const turn = goesOn ? open : addAssistant(turns);
  turn.parts.push(...message.parts);
}

/** Words of a part; nothing for an image, a file or a sound. */
export const textOf = (part: PivotPart): string => (part.type === "text" || part.type === "refusal" ? part.text : "");

/** True for what is no text. */
export const isMedia = (part: PivotPart): boolean => part.type !== "text" && part.type !== "refusal";

/** The words of parts as one text; blocks of their own stay apart by a blank line. */
export const joinText = (parts: readonly PivotPart[]): string =>
  parts
    .map(textOf)
    .filter((text) => text !== "")
    .join("\n\n");

/** The words of a tool's output, as other wires than Messages see it: they have no sign for a failure. */
export function outputText(output: PivotOutput, ledger: Ledger): string {
  const text = output.parts
    .map(textOf)
    .filter((one) => one !== "")
    .join("\n");
  if (output.isError !== true) return text;
  ledger.changed(fieldName(ledger, "isError"), `written into the text, ${ledger.to} has no sign for it`);
  return `Error: ${text}`;
}

/** What a tool without a schema takes, in the form that LM Studio and Messages insist on. */
export const noParameters = { type: "object", properties: {} } as const;
