import type { SimWire } from "../wires/frame.ts";

/** A request as it arrived, and what became of it so far. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, else the text. */
  readonly body: unknown;
  /** The body as it was written. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Absent for everything but inference. */
  readonly wire: SimWire | undefined;
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Of the answer, once its headers are out. */
  readonly status: number | undefined;
  /** The client left before the answer was whole. */
  readonly closedByClient: boolean;
  /** The answer went out whole. */
  readonly finished: boolean;
}

/** The same, while it still changes. */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

type Predicate = (request: RecordedRequest) => boolean;

interface Waiter {
  readonly predicate: Predicate;
  resolve(request: RecordedRequest): void;
  reject(error: Error): void;
}

/** What has been received, and who waits for what. */
export interface Journal {
  readonly requests: readonly RecordedRequest[];
  add(record: OpenRecord): void;
  /** A record has changed. */
  changed(): void;
  waitFor(predicate: Predicate, timeoutMs: number): Promise<RecordedRequest>;
  clear(): void;
  close(): void;
}

const describe = (requests: readonly RecordedRequest[]): string => {
  const last = requests.slice(-5).map(({ method, path }) => `${method} ${path}`);
  const earlier = requests.length - last.length;
  return (earlier > 0 ? [`${earlier} earlier`, ...last] : last).join(", ") || "none";
};

/** Keeps the newest `limit` requests. */
export function createJournal(limit: number): Journal {
  let requests: RecordedRequest[] = [];
  const waiters = new Set<Waiter>();
  const changed = () => {
    for (const waiter of waiters) {
      const hit = requests.find(waiter.predicate);
      if (hit) waiter.resolve(hit);
    }
  };
  return {
    get requests() {
      return requests;
    },
    add: (record) => {
      requests.push(record);
      if (requests.length > limit) requests.shift();
      changed();
    },
    changed,
    waitFor: (predicate, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle =
          <Value>(act: (value: Value) => void) =>
          (value: Value) => {
            clearTimeout(timer);
            waiters.delete(waiter);
            act(value);
          };
        const waiter: Waiter = { predicate, resolve: settle(resolve), reject: settle(reject) };
        const timer = setTimeout(
          () => waiter.reject(new Error(`No such request within ${timeoutMs} ms. Received: ${describe(requests)}.`)),
          timeoutMs,
        );
        waiters.add(waiter);
        changed();
      }),
    clear: () => {
      requests = [];
    },
    close: () => {
      for (const waiter of waiters) waiter.reject(new Error("The simulator was closed."));
    },
  };
}
