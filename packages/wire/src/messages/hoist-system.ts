import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { dropKind } from "../pivot/rest.ts";
import { isObject, toList, toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { emptyTurn } from "./settle-turns.ts";

/**
 * The keys of a body of Messages whose system texts are to stand on top alone, for a backend that takes none amid the
 * conversation. All else stays as the client wrote it, blocks that nobody here knows included.
 */
export function hoistSystem(body: JsonObject, ledger: Ledger): Record<string, unknown> {
  const texts: JsonObject[] = [];
  const kept: unknown[] = [];
  let joins = false;
  for (const message of toList(body.messages)) {
    if (!isSystem(message)) {
      if (joins) addTurn(kept, message);
      else kept.push(message);
      joins = false;
      continue;
    }
    const content = systemTexts(message.content, ledger);
    if (content.length > 0 && kept.length > 0) {
      ledger.changed(fieldName(ledger, "laterSystem"), "a later system message moved to the top");
    }
    texts.push(...content);
    joins = true;
  }
  if (kept.length === 0) {
    ledger.changed(fieldName(ledger, "firstTurn"), "an empty user turn was put first");
    kept.push({ role: "user", content: emptyTurn });
  }
  return { messages: kept, ...(texts.length === 0 ? {} : { system: joinSystem(body.system, texts) }) };
}

const isSystem = (message: unknown): message is JsonObject => isObject(message) && message.role === "system";

/** Blank text is refused by Anthropic, and says nothing. */
function systemTexts(content: unknown, ledger: Ledger): JsonObject[] {
  return toBlocks(content).filter((block): block is JsonObject => {
    const text = isObject(block) ? toText(block.text) : undefined;
    if (text === undefined) dropKind("messages[].content[]", isObject(block) ? block.type : undefined, ledger);
    return text !== undefined && text.trim() !== "";
  });
}

/** What a system text stood between is one turn where it is of one role: some servers want the roles to alternate. */
function addTurn(kept: unknown[], turn: unknown): void {
  const last = kept.at(-1);
  if (isObject(last) && isObject(turn) && last.role === turn.role) {
    kept[kept.length - 1] = { ...last, content: [...toBlocks(last.content), ...toBlocks(turn.content)] };
  } else kept.push(turn);
}

/** A lone text stays one, which every server of this wire takes; a mark on any of them needs blocks. */
function joinSystem(given: unknown, texts: readonly JsonObject[]): unknown {
  const all = [...toBlocks(given), ...texts];
  const plain = !Array.isArray(given) && texts.every((block) => Object.keys(block).length === 2);
  return plain ? all.map((block) => (block as JsonObject).text).join("\n\n") : all;
}

function toBlocks(content: unknown): readonly unknown[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return toList(content);
}
