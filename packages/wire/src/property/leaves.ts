import type { Loss } from "../pivot/ledger.ts";
import { isObject } from "../pivot/shape.ts";

/**
 * What "nothing is lost in silence" means here: every word that a random body holds (see `Tape`) stands somewhere in the
 * body that is written, or the ledger names its place. A place is named by its own path without numbers
 * (`messages[].content[].text`), by that of anything around it, or by the type or role of something around it in the
 * place of its key (`messages[].content[].hologram`, `input[].reasoning`).
 */
interface Leaf {
  readonly word: string;
  /** The text that holds it. */
  readonly text: string;
  /** Names under which the ledger may speak of it. */
  readonly places: ReadonlySet<string>;
}

const wordPattern = /w\d+x/g;

/** Every word of a body, with all names of its place. */
function leavesOf(body: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  walk(body, "", [], leaves);
  return leaves;
}

function walk(value: unknown, path: string, places: readonly string[], leaves: Leaf[]): void {
  if (typeof value === "string") {
    for (const word of value.match(wordPattern) ?? []) leaves.push({ word, text: value, places: new Set(places) });
  } else if (Array.isArray(value)) {
    const inner = [...places, `${path}[]`];
    for (const entry of value) walk(entry, `${path}[]`, inner, leaves);
  } else if (isObject(value)) {
    const named = [value.type, value.role].flatMap((name) => (typeof name === "string" ? [`${path}.${name}`] : []));
    const inner = [...places, ...named];
    for (const [key, entry] of Object.entries(value)) {
      const at = path === "" ? key : `${path}.${key}`;
      for (const word of key.match(wordPattern) ?? [])
        leaves.push({ word, text: key, places: new Set([...inner, at]) });
      walk(entry, at, [...inner, at], leaves);
    }
  }
}

/** Names of fields that stand for others as well. */
const wider: ReadonlyMap<string, RegExp> = new Map([
  // Tools that the choice does not allow are left out.
  ["tool_choice.allowed_tools", /^(input\[\]\.)?tools|^tool_choice/],
  // Two spellings of one field.
  ["messages[].reasoning_content", /^messages\[\]\.reasoning$/],
  // What stands in the place of a signature, or of thinking.
  ["messages[].content[].signature", /^messages\[\]\.content\[\]\.(data|redacted_thinking)$/],
  ["messages[].content[].thinking", /^messages\[\]\.content\[\]\.(data|signature|redacted_thinking)$/],
  // Parts of a result are spoken of as parts of a message.
  ["input[].content[].input_image", /^input\[\]\.output\[\]\.input_image$/],
  ["input[].content[].input_file", /^input\[\]\.output\[\]\.input_file$/],
  ["messages[].content[].image", /^messages\[\]\.content\[\]\.content\[\]\.image$/],
  ["messages[].content[].document", /^messages\[\]\.content\[\]\.content\[\]\.document$/],
]);

/** Labels that say nothing to a model: a schema's name, where the wire has none. */
const labels = /^response_format\.json_schema\.name$|^text\.format\.name$/;

const withoutNumbers = (field: string): string => field.replace(/\[\d*\]/g, "[]");

/** Words of a body that are gone without a word in the ledger. */
export function lostInSilence(body: unknown, written: string, losses: readonly Loss[]): string[] {
  const named = losses.map(({ field }) => withoutNumbers(field));
  return leavesOf(body)
    .filter(({ word, places }) => !written.includes(word) && !labels.test([...places].at(-1) ?? ""))
    .filter(({ places }) => !named.some((name) => places.has(name) || reaches(name, places)))
    .map(({ text, places }) => `${JSON.stringify(text)} at ${[...places].at(-1)}`);
}

function reaches(name: string, places: ReadonlySet<string>): boolean {
  const pattern = wider.get(name);
  return pattern !== undefined && [...places].some((place) => pattern.test(place));
}
