import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Load, load, type Subject, state } from "./process.ts";
import { serve, startUpstream } from "./subjects.ts";
import { median, type Terms } from "./terms.ts";

/** What a primary that refuses costs a request that its fallback answers. */
export interface Failover {
  /** Milliseconds at concurrency 1, nobody else on the way. */
  readonly p50Alone: number;
  /** Milliseconds that an attempt at the refused primary adds. */
  readonly addedByRefused: number;
  /** Milliseconds that its open breaker adds. */
  readonly addedByOpen: number;
  /** Requests of which each spent one attempt on the refused primary. */
  readonly refused: number;
  /** Requests behind the open breaker, and what they spent on it. */
  readonly open: number;
  readonly attemptsOnOpen: number;
}

/** The fifth failure opens a breaker: a primary that is asked so often has it closed all the time. */
const failuresLeft = 4;

/** Providers that refuse, each with a breaker of its own and a route whose primary it is. */
const refusing = Array.from({ length: 150 }, (_, index) => `dead${index}`);
const warmedBy = refusing.slice(0, 50);
const measuredBy = refusing.slice(50);

const path = "/v1/chat/completions";
const alone = "alone";

const model = {
  ...{ id: "m", name: "M", reasoning: false, input: ["text"], contextWindow: 120_000, maxTokens: 8192 },
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

const rowAt = (port: number) => ({
  ...{ baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: "x", api: "openai-completions" },
  models: [model],
});

function writeConfig(upstream: number, closed: number): string {
  const dead = refusing.map((id) => [id, rowAt(closed)] as const);
  const routes = refusing.map((id) => [id, { primary: `${id}/m`, fallbacks: ["local/m"] }] as const);
  const file = join(state, "failover.json");
  const config = {
    models: { providers: { local: rowAt(upstream), ...Object.fromEntries(dead) } },
    routes: { [alone]: { primary: "local/m" }, ...Object.fromEntries(routes) },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** A port that was free a moment ago: nobody listens on it, so that the system refuses at once. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 1));
    });
  });
}

/** One request after the other; `each` of them attempts as many, or the figure would not be what it is called. */
async function ask(
  subject: Subject,
  models: readonly string[],
  each: number,
  bound: { seconds: number; requests?: number },
) {
  const seen = await load({ port: subject.port, path, model: alone, models, concurrency: 1, stream: false, ...bound });
  if (seen.bad > 0) throw new Error(`failover: ${seen.bad} requests failed`);
  if (seen.attempts !== seen.requests * each) {
    throw new Error(`failover: ${seen.requests} requests made ${seen.attempts} attempts, not ${each} each`);
  }
  return seen;
}

const turnsOf = (routes: readonly string[]) => ({ seconds: 60, requests: routes.length * failuresLeft });

interface Round {
  readonly alone: Load;
  readonly refused: Load;
  readonly open: Load;
}

async function measure({ seconds, warmUp, frames }: Terms): Promise<Round> {
  const upstream = await startUpstream(frames);
  const subject = await serve(writeConfig(upstream.port, await closedPort()));
  const length = Math.min(2, seconds);
  await ask(subject, [alone], 1, { seconds: warmUp });
  await ask(subject, warmedBy, 2, turnsOf(warmedBy));
  const plain = await ask(subject, [alone], 1, { seconds: length });
  const refused = await ask(subject, measuredBy, 2, turnsOf(measuredBy));
  const [primary = ""] = measuredBy;
  await ask(subject, [primary], 2, { seconds: length, requests: 1 });
  const open = await load({
    ...{ port: subject.port, path, model: alone, models: [primary], concurrency: 1, stream: false },
    seconds: length,
  });
  await Promise.all([subject.stop(), upstream.stop()]);
  return { alone: plain, refused, open };
}

/**
 * Measures how much later an answer comes where the primary's port is closed: while its breaker is closed, too, and an
 * attempt is spent, and behind the open breaker. As the median of rounds, against the same process without it.
 */
export async function measureFailover(terms: Terms): Promise<Failover> {
  const rounds: Round[] = [];
  for (let round = 1; round <= terms.rounds; round++) {
    terms.say(`round ${round} of ${terms.rounds}: failover`);
    rounds.push(await measure(terms));
  }
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  return {
    p50Alone: median(rounds.map(({ alone: { p50 } }) => p50)),
    addedByRefused: median(rounds.map((round) => round.refused.p50 - round.alone.p50)),
    addedByOpen: median(rounds.map((round) => round.open.p50 - round.alone.p50)),
    refused: sum(({ refused }) => refused.requests),
    open: sum(({ open }) => open.requests),
    attemptsOnOpen: sum(({ open }) => open.attempts - open.requests),
  };
}

export const failoverText = (one: Failover): string =>
  `a refused primary adds ${one.addedByRefused.toFixed(2)} ms to ${one.p50Alone.toFixed(2)} (p50 of ${one.refused} requests at concurrency 1), ` +
  `its open breaker ${one.addedByOpen.toFixed(2)} ms and ${one.attemptsOnOpen} attempts in ${one.open} requests`;
