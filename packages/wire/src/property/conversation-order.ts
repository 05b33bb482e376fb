import { toList, toObject } from "../pivot/shape.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";

/** What one part of a conversation says, by its words. */
export interface Said {
  readonly by: "user" | "assistant" | "refusal" | "call" | "result";
  readonly words: readonly string[];
  /** Id of a call, on it and on its result. */
  readonly callId?: string;
}

/** Words of each part in turn; within a part the wires put its name before or behind. */
const wordsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(wordsOf)
    : (JSON.stringify(value ?? "").match(/w\d+x/g) ?? []).sort((a, b) => numberOf(a) - numberOf(b));

const numberOf = (word: string): number => Number(word.slice(1, -1));

/** A body's conversation in order, read without any codec; system text and reasoning are left out. */
export const conversationOf = (wire: TextWire, body: JsonObject): Said[] => readers[wire](body);

const readers: Readonly<Record<TextWire, (body: JsonObject) => Said[]>> = {
  chat: ({ messages }) => toList(messages).flatMap((message) => chatMessage(toObject(message) ?? {})),
  responses: ({ input }) =>
    typeof input === "string"
      ? [{ by: "user", words: wordsOf(input) }]
      : toList(input).flatMap((item) => responsesItem(toObject(item) ?? {})),
  messages: ({ messages }) => toList(messages).flatMap((turn) => messagesTurn(toObject(turn) ?? {})),
};

/** A message's parts; what was refused stands apart from the rest on chat, so it does here. */
function partsOf(by: "user" | "assistant", content: unknown): Said[] {
  if (!Array.isArray(content)) return [{ by, words: wordsOf(content) }];
  return content.map((part) => ({ by: toObject(part)?.type === "refusal" ? "refusal" : by, words: wordsOf(part) }));
}

const idOf = (id: unknown): { callId: string } => ({ callId: String(id) });

function chatMessage(message: JsonObject): Said[] {
  if (message.role === "tool")
    return [{ by: "result", words: wordsOf(message.content), ...idOf(message.tool_call_id) }];
  if (message.role !== "user" && message.role !== "assistant") return [];
  const calls = toList(message.tool_calls).map((value): Said => {
    const call = toObject(value) ?? {};
    const details = toObject(call.function ?? call.custom) ?? {};
    return { by: "call", words: wordsOf([details.name, details.arguments ?? details.input]), ...idOf(call.id) };
  });
  return [...partsOf(message.role, message.content), { by: "refusal", words: wordsOf(message.refusal) }, ...calls];
}

function responsesItem(item: JsonObject): Said[] {
  switch (item.type ?? "message") {
    case "function_call":
    case "custom_tool_call":
      return [{ by: "call", words: wordsOf([item.name, item.arguments ?? item.input]), ...idOf(item.call_id) }];
    case "function_call_output":
    case "custom_tool_call_output":
      return [{ by: "result", words: wordsOf(item.output), ...idOf(item.call_id) }];
    case "message":
      return item.role === "user" || item.role === "assistant" ? partsOf(item.role, item.content) : [];
    default:
      return [];
  }
}

function messagesTurn({ role, content }: JsonObject): Said[] {
  if (role !== "user" && role !== "assistant") return [];
  if (!Array.isArray(content)) return [{ by: role, words: wordsOf(content) }];
  return content.flatMap((value): Said[] => {
    const block = toObject(value) ?? {};
    if (block.type === "tool_use") {
      return [{ by: "call", words: wordsOf([block.name, block.input]), ...idOf(block.id) }];
    }
    if (block.type === "tool_result") {
      return [{ by: "result", words: wordsOf(block.content), ...idOf(block.tool_use_id) }];
    }
    if (block.type === "thinking" || block.type === "redacted_thinking") return [];
    return [{ by: role, words: wordsOf(block) }];
  });
}

/** Words in order, of these speakers and among these words. */
export function wordsBy(said: readonly Said[], by: ReadonlySet<Said["by"]>, among: ReadonlySet<string>): string[] {
  return said.filter((one) => by.has(one.by)).flatMap(({ words }) => words.filter((word) => among.has(word)));
}

/** For every result with words: the words of the call that it answers, by id. */
export function answeredCalls(said: readonly Said[]): Map<string, string> {
  const calls = new Map<string, string>();
  const answered = new Map<string, string>();
  for (const { by, words, callId = "" } of said) {
    if (by === "call") calls.set(bare(callId), words.join(" "));
    else if (by === "result" && words[0] !== undefined) answered.set(words[0], calls.get(bare(callId)) ?? "");
  }
  return answered;
}

/** Clients change the punctuation of ids when they replay them. */
const bare = (id: string): string => id.replace(/[^A-Za-z0-9]/g, "");
