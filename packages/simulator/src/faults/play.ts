import type { ResolvedAnswer } from "../answer/resolve.ts";
import type { Problem } from "../backends/backend.ts";
import {
  beginStream,
  type Exchange,
  type Prepared,
  sendFrames,
  sendProblem,
  sendReply,
  wholeHeaders,
  writeBody,
} from "../server/exchange.ts";
import type { Fault, FaultError, FaultKind, FramePosition } from "./fault.ts";
import { bodyUpTo, framesUpTo } from "./position.ts";

type Ready = Exclude<Prepared, { refusal: Problem }>;
type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;
type Player<Kind extends FaultKind> = (exchange: Exchange, fault: FaultOf<Kind>) => Promise<void>;

/** Goes on with the answer where a healthy backend would give one; where it would refuse, it refuses. */
async function withAnswer(exchange: Exchange, go: (ready: Ready) => Promise<void>): Promise<void> {
  const prepared = await exchange.prepare();
  await ("refusal" in prepared ? sendProblem(exchange, prepared.refusal) : go(prepared));
}

const withChanges = (ready: Ready, changes: Partial<ResolvedAnswer>): Ready => ({
  ...ready,
  rendering: { ...ready.rendering, answer: { ...ready.rendering.answer, ...changes } },
});

/** The answer as it should be. */
async function sendAnswer(exchange: Exchange, { rendering, renderer }: Ready): Promise<void> {
  const { chunkDelayMs } = rendering.answer;
  if (!exchange.stream) {
    await exchange.outlet.wait(chunkDelayMs);
    const headers = exchange.backend.answerHeaders?.(rendering) ?? {};
    return sendReply(exchange, { status: 200, body: renderer.whole(rendering), headers });
  }
  beginStream(exchange, rendering);
  await sendFrames(exchange, renderer.frames(rendering), chunkDelayMs);
  exchange.outlet.end();
}

/** The answer up to a position. A whole one announces all of its length unless it is to `end` there. */
async function sendPart(exchange: Exchange, ready: Ready, position: FramePosition, endsThere = false): Promise<void> {
  const { rendering, renderer } = ready;
  if (exchange.stream) {
    beginStream(exchange);
    await sendFrames(exchange, framesUpTo(renderer.frames(rendering), position), rendering.answer.chunkDelayMs);
    return;
  }
  const whole = writeBody(renderer.whole(rendering), exchange.backend);
  const part = bodyUpTo(whole, position);
  exchange.outlet.head(200, wholeHeaders(endsThere ? part : whole, exchange.backend, exchange.serial));
  if (part !== "") await exchange.outlet.write(part);
}

const toProblem = (problem: Problem, error: FaultError = {}): Problem => ({ ...problem, ...error });

function* forever(text: string): Generator<string> {
  while (true) yield text;
}

/** Whole: JSON that never closes. */
async function sendEndlessBody({ outlet, backend, serial }: Exchange, delayMs: number): Promise<void> {
  outlet.head(200, { ...backend.headers(serial), "content-type": "application/json; charset=utf-8" });
  await outlet.write('{"output":"');
  for (const piece of forever("and so on ".repeat(10))) {
    await outlet.wait(delayMs);
    await outlet.write(piece);
  }
}

async function sendErrorFrame(exchange: Exchange, fault: FaultOf<"error-frame">): Promise<void> {
  const problem = toProblem(exchange.backend.breakdown, fault.error);
  if (!exchange.stream) {
    return fault.whole ? sendReply(exchange, fault.whole) : sendProblem(exchange, problem);
  }
  await withAnswer(exchange, async ({ rendering, renderer }) => {
    beginStream(exchange);
    const delay = rendering.answer.chunkDelayMs;
    const sent = await sendFrames(exchange, framesUpTo(renderer.frames(rendering), fault), delay);
    await sendFrames(exchange, renderer.failing(problem, rendering, sent), 0);
    exchange.outlet.end();
  });
}

/** Whole: the body in a few pieces, slowly. */
async function sendSlowBody(exchange: Exchange, { rendering, renderer }: Ready, ms: number): Promise<void> {
  const text = writeBody(renderer.whole(rendering), exchange.backend);
  exchange.outlet.head(200, wholeHeaders(text, exchange.backend, exchange.serial));
  const size = Math.ceil(text.length / 4);
  for (let start = 0; start < text.length; start += size) {
    await exchange.outlet.wait(ms);
    await exchange.outlet.write(text.slice(start, start + size));
  }
  exchange.outlet.end();
}

const noOutput: Partial<ResolvedAnswer> = {
  text: undefined,
  citations: [],
  reasoning: undefined,
  summary: [],
  redacted: [],
  toolCalls: [],
  finish: "stop",
};

const players: { readonly [Kind in FaultKind]: Player<Kind> } = {
  none: (exchange) => withAnswer(exchange, (ready) => sendAnswer(exchange, ready)),
  status: (exchange, { status, body, error, headers = {} }) => {
    const { backend, wire, serial } = exchange;
    const usual = () => backend.write(toProblem(backend.problemOf(status), error), wire, serial);
    return sendReply(exchange, { status, headers, body: body ?? usual() });
  },
  refuse: async ({ outlet }) => outlet.reset(),
  hang: ({ outlet }) => outlet.hang(),
  "hang-after": (exchange, fault) =>
    withAnswer(exchange, async (ready) => {
      await sendPart(exchange, ready, fault);
      await exchange.outlet.hang();
    }),
  "cut-before-headers": async ({ outlet }) => outlet.cut(),
  "cut-after": (exchange, fault) =>
    withAnswer(exchange, async (ready) => {
      await sendPart(exchange, ready, fault);
      exchange.outlet.cut();
    }),
  "end-after": (exchange, fault) =>
    withAnswer(exchange, async (ready) => {
      await sendPart(exchange, ready, fault, true);
      exchange.outlet.end();
    }),
  "error-frame": sendErrorFrame,
  empty: (exchange, { variant = "bytes" }) =>
    withAnswer(exchange, async (ready) => {
      if (variant === "frames") {
        const usage = { ...ready.rendering.answer.usage, output: 0, reasoning: 0 };
        return sendAnswer(exchange, withChanges(ready, { ...noOutput, usage }));
      }
      if (!exchange.stream) return sendReply(exchange, { status: 200, body: "" });
      beginStream(exchange);
      exchange.outlet.end();
    }),
  endless: (exchange, { delayMs = 0 }) =>
    withAnswer(exchange, async (ready) => {
      if (!exchange.stream) return sendEndlessBody(exchange, delayMs);
      const text = { chunks: forever("and so on "), whole: "" };
      await sendAnswer(exchange, withChanges(ready, { ...noOutput, text, chunkDelayMs: delayMs }));
    }),
  "slow-first-byte": async (exchange, { ms }) => {
    await exchange.outlet.wait(ms);
    await withAnswer(exchange, (ready) => sendAnswer(exchange, ready));
  },
  "slow-frames": (exchange, { ms }) =>
    withAnswer(exchange, (ready) =>
      exchange.stream
        ? sendAnswer(exchange, withChanges(ready, { chunkDelayMs: ms }))
        : sendSlowBody(exchange, ready, ms),
    ),
  garbage: async (exchange) => {
    const page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    if (!exchange.stream) return sendReply(exchange, { status: 200, body: page });
    beginStream(exchange);
    await exchange.outlet.write(`data: {"choices":[{"delta":\n\ndata: ${page}\n\nevent:\n\n`);
    exchange.outlet.end();
  },
  "error-in-200": (exchange, { error }) => {
    const problem = toProblem(exchange.backend.breakdown, error);
    return sendReply(exchange, { status: 200, body: exchange.backend.write(problem, exchange.wire, exchange.serial) });
  },
  "huge-frame": (exchange, { bytes }) =>
    withAnswer(exchange, (ready) => {
      const huge = "x".repeat(bytes);
      return sendAnswer(exchange, withChanges(ready, { ...noOutput, text: { chunks: [huge], whole: huge } }));
    }),
  redirect: (exchange, { to, status = 307 }) => sendReply(exchange, { status, body: "", headers: { location: to } }),
};

/** Answers the request as the fault says; without one, as it should be. */
export const play = (exchange: Exchange, fault: Fault = { kind: "none" }): Promise<void> =>
  (players[fault.kind] as Player<FaultKind>)(exchange, fault);
