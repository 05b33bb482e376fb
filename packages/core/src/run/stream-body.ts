import { type AttemptFailure, failureOfError } from "./classify.ts";
import type { Opened } from "./commit.ts";
import type { Pipe } from "./pipe.ts";
import { settle } from "./settle.ts";

/** Thrown out of a body: the answer broke after its start, so its connection must not end cleanly. */
export class BrokenAnswer extends Error {}

const truncated: AttemptFailure = {
  kind: "bad_answer",
  message: "the stream ended before its proper end",
  status: 200,
};

/** Milliseconds for the end of a backend's connection once its answer is over, and for a mark that some send after it. */
const linger = 250;

/** Drives a committed stream to its end: frames out, clocks touched, the receipt settled however it ends. */
export async function* streamBody(
  opened: Pick<Opened, "run" | "clocks" | "iterator" | "ended">,
  pipe: Pipe,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const { run, clocks, iterator } = opened;
  let failure: AttemptFailure | undefined = { kind: "aborted", message: "the client left" };
  try {
    let out = pipe.begin();
    for (;;) {
      if (out.length > 0) yield out;
      if (pipe.failure !== undefined || pipe.end === "over" || opened.ended) break;
      if (pipe.end === "nearly") clocks.start("idle", linger);
      const next = await iterator.next();
      clocks.touch();
      if (next.done === true) {
        opened.ended = true;
        out = pipe.finish();
      } else out = pipe.push(next.value);
    }
    failure = pipe.failure ?? (pipe.isFinished() ? undefined : truncated);
  } catch (error) {
    if (clocks.left) {
      opened.ended = true;
      yield pipe.finish(true);
    }
    // What breaks after the proper end breaks nothing.
    failure = pipe.isFinished() ? undefined : failureOfError(error, clocks, run.inbound.signal);
  } finally {
    if (failure?.kind === "aborted" && pipe.isFinished()) failure = undefined;
    if (failure !== undefined || opened.ended) clocks.stop(!opened.ended);
    else void drain(opened);
    settle(run, failure);
  }
  if (failure === undefined) return;
  const report = pipe.report(failure);
  if (report !== "") yield report;
  throw new BrokenAnswer(failure.message);
}

/** The client has its end. The backend's is read for a moment, so that its connection serves again, else it is closed. */
async function drain({ clocks, iterator }: Pick<Opened, "clocks" | "iterator">): Promise<void> {
  clocks.start("idle", linger);
  try {
    while ((await iterator.next()).done !== true);
    clocks.stop();
  } catch {
    clocks.stop(true);
  }
}

/** Ends a body that nobody reads. It is begun for that: one that never was would close no clock and no receipt. */
export async function letGo(body: AsyncIterable<unknown>): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    await iterator.next();
    await iterator.return?.();
  } catch {
    // It broke, and has closed what there was to close.
  }
}
