import { describe, expect, it } from "vitest";
import type { PageEntry, ReceiptEntry } from "./messages.ts";
import { joinPages, toPages } from "./page.ts";

const receipt = (id: string, time = 1): ReceiptEntry => ({ kind: "receipt", id, time, body: `{"id":"${id}"}` });
const use = { kind: "use", owner: "", id: "r", usedAt: 1 } as const;

describe("receipts on their way to the file", () => {
  it("become one page, in order, that knows its least and greatest id and its latest time", () => {
    const later = { ...receipt("b", 9), isLater: true } as const;
    expect(toPages([receipt("c", 5), use, receipt("a", 7), later])).toEqual([
      { kind: "page", count: 2, first: "a", last: "c", time: 7, body: '{"id":"c"}\n{"id":"a"}\n' },
      use,
      later,
    ]);
  });

  it("are no page where there are none", () => {
    expect(toPages([use])).toEqual([use]);
    expect(joinPages([])).toEqual([]);
  });

  it("fill pages of 64 lines, none of them lost", () => {
    const ids = Array.from({ length: 150 }, (_, index) => String(index).padStart(3, "0"));
    const pages = toPages(ids.map((id) => receipt(id))) as readonly PageEntry[];
    expect(pages.map(({ count }) => count)).toEqual([64, 64, 22]);
    expect(pages.map(({ body }) => body).join("")).toBe(ids.map((id) => `{"id":"${id}"}\n`).join(""));
    expect(pages.map(({ first, last }) => [first, last])).toEqual([
      ["000", "063"],
      ["064", "127"],
      ["128", "149"],
    ]);
  });
});
