/** What is written down of one request. */
export interface ReceiptEntry {
  readonly kind: "receipt";
  readonly id: string;
  readonly time: number;
  /** JSON, its id first. */
  readonly body: string;
  /** It is kept already, and something was learnt of it. */
  readonly isLater?: true;
}

/** Receipts as they are written and handed from thread to thread: a line each, which costs less than an object each. */
export interface PageEntry {
  readonly kind: "page";
  readonly count: number;
  /** The least and the greatest id. */
  readonly first: string;
  readonly last: string;
  /** The latest. */
  readonly time: number;
  readonly body: string;
}

/** One item of a conversation. */
export interface ItemEntry {
  /** Names this very item, whatever id its client gave it. */
  readonly key: string;
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** A turn of a conversation. */
export interface ResponseEntry {
  readonly kind: "response";
  readonly owner: string;
  readonly id: string;
  readonly usedAt: number;
  /** JSON of a list of places. */
  readonly within?: string;
  /** Keys of its items. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  /** Those that no earlier turn brought. */
  readonly items: readonly ItemEntry[];
  /** JSON of the response without its items. */
  readonly body: string;
}

/** A response was used. */
export interface UseEntry {
  readonly kind: "use";
  readonly owner: string;
  readonly id: string;
  readonly usedAt: number;
}

export type Entry = ReceiptEntry | ResponseEntry | UseEntry;

/** What the worker is told to write: receipts by the page, and those of which something was learnt one by one. */
export type Write = Entry | PageEntry;

/** A response as it is read back; lists are JSON. */
export interface ReadResponse {
  readonly body: string;
  readonly within: string | null;
  readonly input: readonly ReadItem[];
  readonly output: readonly ReadItem[];
}

export interface ReadItem {
  readonly key: string;
  readonly body: string;
}

/** What can be asked, and what the answer is. */
export interface Questions {
  receipt: { readonly ask: { readonly id: string; readonly owner: string }; readonly answer: string | undefined };
  response: {
    readonly ask: { readonly id: string; readonly owner: string };
    readonly answer: ReadResponse | undefined;
  };
  item: {
    readonly ask: { readonly id: string; readonly owner: string };
    readonly answer: (ReadItem & { readonly within: string | null }) | undefined;
  };
  delete: { readonly ask: { readonly id: string; readonly owner: string }; readonly answer: boolean };
  /** Answered when all that was sent before is written, or lost. */
  settle: { readonly ask: object; readonly answer: undefined };
}

export type Topic = keyof Questions;

/** How much is kept, and for how long: milliseconds and bytes. */
export interface Bounds {
  readonly maxAge: number;
  readonly maxSize: number;
}

/** Of each kind; `undefined` where nothing of it is kept. */
export interface AllBounds {
  readonly receipts: Bounds | undefined;
  readonly responses: Bounds | undefined;
}

/** What the worker is told. */
export type ToWorker =
  | { readonly kind: "write"; readonly entries: readonly Write[] }
  | { readonly kind: "ask"; readonly number: number; readonly topic: Topic; readonly ask: object }
  | { readonly kind: "bounds"; readonly bounds: AllBounds }
  | { readonly kind: "close" };

/** What the worker says. */
export type FromWorker =
  /** `fault`: none of them was. */
  | { readonly kind: "written"; readonly entries: number; readonly size: number; readonly fault?: string }
  | { readonly kind: "answer"; readonly number: number; readonly answer?: unknown; readonly fault?: string }
  /** The file cannot be opened: nothing will be kept. */
  | { readonly kind: "off"; readonly reason: string };

/** Characters of an entry, about. */
export function sizeOf(entry: Write): number {
  if (entry.kind === "use") return 0;
  if (entry.kind === "receipt" || entry.kind === "page") return entry.body.length;
  return entry.body.length + entry.items.reduce((sum, { body }) => sum + body.length, 0);
}
