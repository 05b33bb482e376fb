import type { AnswerWriter } from "@headgate/wire";
import { codecs } from "@headgate/wire";
import { failureOutbound } from "../failure/reply.ts";
import type { Outbound } from "../ports.ts";
import { answerContext, wantsChoices } from "./answer.ts";
import { errorText } from "./error-text.ts";
import type { FallbackResult } from "./fallback.ts";
import type { Run } from "./run.ts";
import { settle } from "./settle.ts";
import { BrokenAnswer, letGo } from "./stream-body.ts";

/** Milliseconds without an answer after which a streaming client gets its 200, and between heartbeats from then on. */
const patience = 10_000;
const interval = 5000;

/**
 * Waits for the result; a streaming client that has waited long is answered meanwhile, with heartbeats of data that keep
 * its idle clock from running out. `undefined` means that the result came first.
 */
export async function answerWaiting(run: Run, result: Promise<FallbackResult>): Promise<Outbound | undefined> {
  if (wantsChoices(run)) return undefined;
  const { clock } = run.engine;
  const first = await new Promise<"result" | "time">((resolve) => {
    const cancel = clock.after(patience, () => resolve("time"));
    const come = (): void => {
      cancel();
      resolve("result");
    };
    result.then(come, come);
  });
  if (first === "result") return undefined;
  run.writer = codecs[run.inbound.wire].createWriter(answerContext(run, run.receipt.requested));
  return {
    status: 200,
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-headgate-request-id": run.receipt.id,
    },
    body: heartbeats(run, run.writer, result),
  };
}

async function* heartbeats(
  run: Run,
  writer: AnswerWriter,
  result: Promise<FallbackResult>,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  let come: FallbackResult | undefined;
  let settled = false;
  const arrived = result.then((value) => {
    come = value;
  });
  try {
    while (come === undefined) {
      yield writer.heartbeat();
      await pause(run, arrived);
    }
    settled = true;
  } finally {
    // The client left between two heartbeats: whoever was going to answer is told by the signal.
    if (!settled) dropLate(run, result);
  }
  yield* rest(run, writer, come);
}

/** Until the next heartbeat is due, or the result is there. */
function pause(run: Run, arrived: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = run.engine.clock.after(interval, resolve);
    arrived.then(() => {
      cancel();
      resolve();
    });
  });
}

/** The answer itself; or, as the start cannot be taken back, the wire's error event and a cut. */
async function* rest(
  run: Run,
  writer: AnswerWriter,
  result: FallbackResult,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  if (!result.ok) {
    // The receipt tells what the status would have been.
    failureOutbound(run, result.failure);
    settle(run, result.failure);
    yield errorText(run, writer, result.failure);
    throw new BrokenAnswer(result.failure.message);
  }
  const { answer } = result;
  if (answer.kind === "stream") yield* answer.body;
  else {
    if (answer.usage !== undefined) run.receipt.usage = answer.usage;
    settle(run, undefined);
    yield answer.body;
  }
}

/** What comes for a client that has left is let go, and told as that. */
function dropLate(run: Run, result: Promise<FallbackResult>): void {
  void result.then((late) => {
    if (late.ok && late.answer.kind === "stream") return letGo(late.answer.body);
    settle(run, { kind: "aborted", message: "the client left" });
    return undefined;
  });
}
