import type { JsonObject } from "../pivot/types.ts";

/** A change of top-level keys. */
export interface TopLevelPatch {
  /** Keys to set, with JSON values; `undefined` values are skipped. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Keys to remove. */
  readonly unset: readonly string[];
}

/** A member of the top-level object: from its key's quote to the end of its value. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/**
 * Sets and removes top-level keys of a JSON object in its text, without touching the rest: the order, white space
 * and number spellings of everything else stay as they were.
 *
 * @param text - A JSON object that has already been parsed (so it is well-formed).
 * @param parsed - What parsing `text` gave; tells which keys need no search.
 * @returns The new text, or `text` itself when nothing changes.
 */
export function spliceTopLevel(text: string, parsed: JsonObject, patch: TopLevelPatch): string {
  const keys = Object.keys(patch.set);
  const only = keys.length === 1 && patch.unset.length === 0 ? keys[0] : undefined;
  const quick = only === undefined ? undefined : replaceFirst(text, only, patch.set[only]);
  if (quick !== undefined) return quick;
  const wanted = new Map<string, string | undefined>();
  let inserted = "";
  for (const key of keys) {
    const value = JSON.stringify(patch.set[key]);
    if (value === undefined) continue;
    if (Object.hasOwn(parsed, key)) wanted.set(key, value);
    else inserted += `${JSON.stringify(key)}:${value},`;
  }
  let removing = false;
  for (const key of patch.unset) {
    if (!Object.hasOwn(parsed, key)) continue;
    wanted.set(key, undefined);
    removing = true;
  }
  if (wanted.size === 0 && inserted === "") return text;
  if (removing || Object.keys(parsed).length === 0) return rebuild(text, inserted, wanted);
  return replace(text, inserted, wanted);
}

/** The usual case, `model` and nothing else, where it is the body's first key and stands there once; else `undefined`. */
function replaceFirst(text: string, key: string, value: unknown): string | undefined {
  const quoted = JSON.stringify(key);
  const at = skipSpace(text, skipSpace(text, 0) + 1);
  if (!text.startsWith(quoted, at)) return undefined;
  const start = skipSpace(text, skipSpace(text, at + quoted.length) + 1);
  if (text.charCodeAt(start) !== quote) return undefined;
  const end = stringEnd(text, start);
  if (text.indexOf("\\u", end) >= 0 || text.indexOf(quoted, end) >= 0) return undefined;
  const written = JSON.stringify(value);
  return written === undefined ? undefined : text.slice(0, start) + written + text.slice(end);
}

/** Values change in place; everything between them stays. */
function replace(text: string, inserted: string, wanted: ReadonlyMap<string, string | undefined>): string {
  let from = 0;
  let result = "";
  if (inserted !== "") {
    from = skipSpace(text, 0) + 1;
    result = text.slice(0, from) + inserted;
  }
  for (const member of findMembers(text, wanted)) {
    const value = wanted.get(member.key);
    if (value === undefined) continue;
    result += text.slice(from, member.valueStart) + value;
    from = member.end;
  }
  return result + text.slice(from);
}

/** Members are put together anew without the removed ones; the text of each kept one stays. */
function rebuild(text: string, inserted: string, wanted: ReadonlyMap<string, string | undefined>): string {
  const parts: string[] = [];
  for (const member of findMembers(text)) {
    if (!wanted.has(member.key)) parts.push(text.slice(member.start, member.end));
    else {
      const value = wanted.get(member.key);
      if (value !== undefined) parts.push(text.slice(member.start, member.valueStart) + value);
    }
  }
  const rest = parts.join(",");
  return `{${rest === "" ? inserted.slice(0, -1) : inserted + rest}}`;
}

/** The top-level members: all of them, or, when `wanted` is given, at least all of those. */
function findMembers(text: string, wanted?: ReadonlyMap<string, unknown>): Member[] {
  const members: Member[] = [];
  let missing = wanted?.size ?? Number.POSITIVE_INFINITY;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === quote) {
    const start = at;
    const keyEnd = stringEnd(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    const key = keyOf(text, start, keyEnd);
    if (wanted === undefined || wanted.has(key)) {
      members.push({ key, start, valueStart, end });
      if (--missing === 0 && wanted !== undefined && !mayRepeat(text, end, wanted)) break;
    }
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return members;
}

/**
 * A key may stand twice, and a backend may read the first where we read the last. Two native searches tell that it
 * cannot, and spare the walk through a long body.
 */
function mayRepeat(text: string, from: number, wanted: ReadonlyMap<string, unknown>): boolean {
  if (text.indexOf("\\u", from) >= 0) return true;
  for (const key of wanted.keys()) if (text.indexOf(JSON.stringify(key), from) >= 0) return true;
  return false;
}

function keyOf(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Index after the closing quote of the string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** Index after the value that starts at `from`. */
function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return stringEnd(text, from);
  if (first !== openBrace && first !== openBracket) return scalarEnd(text, from);
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at);
      continue;
    }
    if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at + 1;
    at++;
  }
  return at;
}

function scalarEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBrace || isSpace(code)) return at;
    at++;
  }
  return at;
}
