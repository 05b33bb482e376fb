import type { JsonObject } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import { emptyAnswer, observe } from "../run/answer.ts";
import type { AttemptResult, Judge } from "../run/attempt.ts";
import type { AttemptFailure } from "../run/classify.ts";
import type { AttemptClocks } from "../run/clocks.ts";
import { maxAnswerBytes } from "../run/read-reply.ts";
import type { Run } from "../run/run.ts";
import { streamBody } from "../run/stream-body.ts";
import { CompletionPipe } from "./completion-pipe.ts";
import { isObject } from "./fault.ts";
import { wholeJudge } from "./whole.ts";

/** The rest of a text may be nothing: an answer that says why it ended is one, with or without words. */
const whole = wholeJudge<"completions">(
  ({ choices }) => Array.isArray(choices) && choices.some(isChoice),
  "the answer holds no choices",
).whole;

const isChoice = (choice: unknown): boolean =>
  isObject(choice) &&
  typeof choice.text === "string" &&
  (choice.text !== "" || typeof choice.finish_reason === "string");

/** Legacy text completions, passed on as they come. */
export const completions: Judge<"completions"> = {
  whole: (run, admitted, reply, bytes, shaped) => {
    const result = whole(run, admitted, reply, bytes, shaped);
    if (!result.ok || !run.receipt.stream || result.answer.kind !== "whole") return result;
    // A backend that answers a streaming request with a whole answer: it has the shape of a frame.
    const body = `data: ${JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)))}\n\ndata: [DONE]\n\n`;
    return { ok: true, answer: { ...result.answer, contentType: "text/event-stream", body } };
  },
  stream: openCompletion,
};

/** Holds a stream until its first text, or its end in good order; a failure before that is a failed attempt. */
async function openCompletion(
  run: Run,
  admitted: Admitted<"completions">,
  reply: TransportReply,
  clocks: AttemptClocks,
): Promise<AttemptResult> {
  const iterator = reply.body[Symbol.asyncIterator]();
  const head = (frame: JsonObject): void => void observe(run, admitted, reply, frame);
  const pipe = new CompletionPipe(run, admitted, reply, head);
  let ended = false;
  while (!pipe.hasSpoken) {
    const next = await iterator.next();
    if (next.done === true) {
      ended = true;
      pipe.finish();
    } else pipe.hold(next.value);
    const failure = pipe.hasSpoken ? undefined : (pipe.failure ?? noneCame(pipe.held, ended, reply));
    if (failure !== undefined) return { ok: false, failure };
  }
  clocks.startIdle(admitted.candidate.timeouts.idle);
  return { ok: true, answer: { kind: "stream", body: streamBody({ run, clocks, iterator, ended }, pipe) } };
}

function noneCame(held: number, ended: boolean, reply: TransportReply): AttemptFailure | undefined {
  if (ended) return emptyAnswer(reply.status);
  if (held <= maxAnswerBytes) return undefined;
  return { kind: "bad_answer", message: `no output in the first ${maxAnswerBytes} bytes`, status: reply.status };
}
