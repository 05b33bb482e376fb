import type { Entry, PageEntry, ReceiptEntry, Write } from "./messages.ts";

/** Lines of a page at most: a page is deleted as a whole. */
const mostLines = 64;

/** Puts receipts that are new onto a page; the rest stays as it is, behind it. */
export function toPages(entries: readonly Entry[]): readonly Write[] {
  const fresh = entries.filter((entry): entry is ReceiptEntry => entry.kind === "receipt" && entry.isLater !== true);
  if (fresh.length === 0) return entries;
  const rest = entries.filter((entry) => entry.kind !== "receipt" || entry.isLater === true);
  const pages = fresh.map(({ id, time, body }) => pageOf(1, id, id, time, `${body}\n`));
  return [...joinPages(pages), ...rest];
}

/** Fewer and fuller pages with the same lines in the same order. */
export function joinPages(pages: readonly PageEntry[]): readonly PageEntry[] {
  const joined: PageEntry[] = [];
  for (const page of pages) {
    const before = joined.at(-1);
    if (before === undefined || before.count + page.count > mostLines) joined.push(page);
    else joined[joined.length - 1] = join(before, page);
  }
  return joined;
}

function join(one: PageEntry, other: PageEntry): PageEntry {
  const first = isBefore(other.first, one.first) ? other.first : one.first;
  const last = isBefore(one.last, other.last) ? other.last : one.last;
  return pageOf(one.count + other.count, first, last, Math.max(one.time, other.time), one.body + other.body);
}

const isBefore = (id: string, other: string): boolean => id < other;

const pageOf = (count: number, first: string, last: string, time: number, body: string): PageEntry => ({
  kind: "page",
  count,
  first,
  last,
  time,
  body,
});
