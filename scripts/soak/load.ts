import { setTimeout as sleep } from "node:timers/promises";
import { faults, type Simulator } from "@headgate/simulator";

/** What the clients saw. */
export interface Tally {
  requests: number;
  /** Answers by status; 0 is a connection that broke. */
  readonly statuses: Map<number, number>;
  readonly left: { count: number };
}

const messages = [{ role: "user", content: "hello there" }];
const bodies = [
  { path: "/v1/chat/completions", body: { model: "default", messages } },
  { path: "/v1/messages", body: { model: "default", max_tokens: 64, messages } },
  { path: "/v1/responses", body: { model: "default", input: "hello there", store: false } },
];

/** Every how many requests the hosted backend fails, and in which ways, one after the other. */
const everyFault = 4;
const ways = [
  faults.anthropic.overloaded,
  (): ReturnType<typeof faults.anthropic.overloaded> => ({ kind: "refuse" }),
  (): ReturnType<typeof faults.anthropic.overloaded> => ({ kind: "empty" }),
  (): ReturnType<typeof faults.anthropic.overloaded> => ({ kind: "cut-after", outputs: 0 }),
  (): ReturnType<typeof faults.anthropic.overloaded> => ({ kind: "cut-after", outputs: 1 }),
  (): ReturnType<typeof faults.anthropic.overloaded> => ({ kind: "error-frame", outputs: 0 }),
];

/** Every how many requests a client goes before its answer has ended. */
const everyLeave = 9;

export const newTally = (): Tally => ({ requests: 0, statuses: new Map(), left: { count: 0 } });

/** Asks without a pause until it is told to stop, in every wire and mode, while backends fail and clients leave. */
export async function runClient(url: string, hosted: Simulator, tally: Tally, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const turn = tally.requests++;
    const way = ways[Math.floor(turn / everyFault) % ways.length];
    if (turn % everyFault === 0 && way !== undefined) hosted.failNext(way());
    const leaves = turn % everyLeave === 0;
    if (leaves) tally.left.count++;
    const status = await askOnce(url, turn, leaves);
    if (!leaves) tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    // A gateway that is being started again.
    if (status === 0 && !leaves) await sleep(20);
  }
}

async function askOnce(url: string, turn: number, leaves: boolean): Promise<number> {
  const { path, body } = bodies[turn % bodies.length] ?? { path: "/health", body: {} };
  const leaving = new AbortController();
  try {
    const reply = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, stream: turn % 2 === 0 }),
      signal: leaving.signal,
    });
    if (leaves) {
      leaving.abort();
      return reply.status;
    }
    await reply.text();
    return reply.status;
  } catch {
    return 0;
  }
}
