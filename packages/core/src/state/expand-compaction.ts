import type { JsonObject } from "@headgate/wire";
import { narrow } from "../admit/boundary.ts";
import type { Boundary } from "../provider/index.ts";
import { badRequest, type Refusal } from "./refusal.ts";
import { isSealed, type SealBox } from "./seal-box.ts";

/** What a compaction of Headgate's own holds. */
export interface Compacted {
  readonly summary: string;
  /** Where the conversation was allowed to go: the turns after it may only narrow it. */
  readonly within?: Boundary;
}

/** Input items with every compaction of ours opened, and the boundary of what was in them. */
export interface Expanded {
  readonly items: readonly JsonObject[];
  readonly within: Boundary;
}

/** An item that Headgate sealed. A vendor's own stays as it is: only its maker can read it. */
const isOurs = ({ type, encrypted_content: text }: JsonObject): boolean =>
  type === "compaction" && typeof text === "string" && isSealed(text);

export const holdsCompaction = (input: unknown): boolean =>
  Array.isArray(input) && input.some((item) => typeof item === "object" && item !== null && isOurs(item));

/** The item that a client keeps in place of its conversation. */
export async function toCompactionItem(compacted: Compacted, id: string, box: SealBox): Promise<JsonObject> {
  const { summary, within } = compacted;
  const encrypted = await box.seal({ v: 1, summary, ...(within === undefined ? {} : { within }) });
  return { type: "compaction", id, encrypted_content: encrypted };
}

/**
 * Puts the summary in place of every compaction of ours.
 *
 * @param earlier - How many of the items do not stand in the client's own input.
 */
export async function expandCompaction(
  items: readonly JsonObject[],
  box: SealBox,
  earlier = 0,
): Promise<Expanded | Refusal> {
  const expanded: JsonObject[] = [];
  let within: Boundary;
  for (const [index, item] of items.entries()) {
    if (!isOurs(item)) expanded.push(item);
    else {
      const opened = await open(item, box);
      if (opened === undefined) return unopened(index - earlier);
      within = narrow(within, opened.within);
      expanded.push(toMessage(opened.summary));
    }
  }
  return { items: expanded, within };
}

async function open({ encrypted_content: text }: JsonObject, box: SealBox): Promise<Compacted | undefined> {
  const opened = await box.open(String(text));
  if (opened?.v !== 1 || typeof opened.summary !== "string") return undefined;
  return { summary: opened.summary, within: opened.within as Boundary };
}

function unopened(index: number): Refusal {
  const place = index < 0 ? "previous_response_id" : `input[${index}]`;
  const message = `${place}: this compaction does not open. It was sealed by another gateway, or changed since.`;
  return badRequest(place, message, "invalid_encrypted_content");
}

/** Said by the user: models take what is said so everywhere in a conversation, and trust it no more than its sources. */
const toMessage = (summary: string): JsonObject => ({
  type: "message",
  role: "user",
  content: [{ type: "input_text", text: `Summary of the conversation so far:\n\n${summary}` }],
});
