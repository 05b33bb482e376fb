import type { JsonObject, Wire, WireFault } from "@headgate/wire";
import { WireRequestError } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { CancelSignal } from "../cancellation.ts";
import { TransportError, type TransportReply } from "../ports.ts";
import type { Failure } from "../provider/index.ts";
import { messageOf } from "../providers.ts";
import type { ClockName } from "../receipt/receipt.ts";
import type { AttemptClocks } from "./clocks.ts";
import { parseLoose, readText } from "./read-reply.ts";
import { LostThread, PluginError, StrictLoss } from "./shape.ts";

/** A failure with what the host knows beside the plugin's reading. */
export interface AttemptFailure extends Failure {
  readonly clock?: ClockName;
  /** HTTP status of the backend, when it answered. */
  readonly status?: number;
  /** Our own reading of the client's body found the fault: nobody else is asked. */
  readonly ours?: true;
  /** Nothing was sent: it says nothing of the backend. */
  readonly unsent?: true;
}

const maxMessage = 500;

/** An HTTP status that is no success. Redirects are never followed: they would leave the configured origins. */
export async function failureOfStatus(
  admitted: Admitted<Wire>,
  wire: Wire,
  reply: TransportReply,
): Promise<AttemptFailure> {
  if (reply.status < 400) {
    await discard(reply);
    return { kind: "bad_answer", message: `HTTP ${reply.status}: redirects are not followed`, status: reply.status };
  }
  const text = await readText(reply, 64 * 1024, false);
  return ask(admitted, wire, "status", reply, parseLoose(text), text);
}

/** An error inside a 200: in a whole body or in a stream's event. Without one, the answer is bad by itself. */
export function failureOfFault(
  admitted: Admitted<Wire>,
  wire: Wire,
  phase: "body" | "stream",
  reply: TransportReply,
  fault: WireFault,
): AttemptFailure {
  if (fault.raw === undefined) return { kind: "bad_answer", message: fault.message, status: reply.status };
  const text = typeof fault.raw === "string" ? fault.raw : JSON.stringify(fault.raw);
  return ask(admitted, wire, phase, reply, typeof fault.raw === "string" ? parseLoose(fault.raw) : fault.raw, text);
}

function ask(
  admitted: Admitted<Wire>,
  wire: Wire,
  phase: "status" | "body" | "stream",
  reply: TransportReply,
  body: unknown,
  text: string,
): AttemptFailure {
  const { candidate, provider } = admitted;
  const { status, headers } = reply;
  const failed = { wire, model: candidate.model.id, phase, status, headers, body, text: text.slice(0, 64 * 1024) };
  try {
    const failure = provider.failure(failed);
    const { secret } = candidate.entry;
    const details = wire === "messages" ? detailsOf(body, secret) : undefined;
    const told = { ...failure, message: presentable(failure.message, secret), status };
    return details === undefined ? told : { ...told, details };
  } catch (error) {
    // A broken classifier must not end the chain: the next candidate may still answer.
    return {
      kind: "bad_answer",
      message: `HTTP ${status}, and the plugin could not read it: ${messageOf(error)}`,
      status,
    };
  }
}

/** Clients recover by these: a thread that is gone is told again from its beginning. */
function detailsOf(body: unknown, secret: string | undefined): JsonObject | undefined {
  const details = (body as { readonly error?: { readonly details?: unknown } } | undefined)?.error?.details;
  if (typeof details !== "object" || details === null) return undefined;
  const text = JSON.stringify(details);
  return text === presentable(text, secret) ? (details as JsonObject) : undefined;
}

/** Anything thrown on the way: the transport's trouble, a clock, the client's leaving, a plugin's fault. */
export function failureOfError(error: unknown, clocks: AttemptClocks, client: CancelSignal): AttemptFailure {
  if (client.aborted) return { kind: "aborted", message: "the client left" };
  if (clocks.expired !== undefined) return timeoutOf(clocks.expired);
  if (error instanceof WireRequestError) return { kind: "invalid_request", message: error.message, ours: true };
  if (error instanceof StrictLoss) return { kind: "unsupported", message: error.message };
  if (error instanceof LostThread) {
    return { kind: "unsupported", message: error.message, details: { error_code: "thread_not_found" } };
  }
  if (error instanceof PluginError) return { kind: "bad_answer", message: error.message };
  if (!TransportError.isInstance(error)) return { kind: "bad_answer", message: messageOf(error) };
  switch (error.trouble) {
    case "refused":
    case "dns":
    case "tls":
      return { kind: "unreachable", message: error.message };
    case "connect-timeout":
      return timeoutOf("connect");
    case "reset":
    case "aborted":
      return { kind: "bad_answer", message: error.message };
  }
}

const clockMeanings: Readonly<Record<ClockName, string>> = {
  connect: "no connection within the connect clock",
  load: "not loaded within the load clock",
  firstOutput: "no output within the firstOutput clock",
  idle: "nothing more came within the idle clock",
  whole: "no whole answer within the whole clock",
  total: "the total clock ran out",
};

export function timeoutOf(clock: ClockName): AttemptFailure {
  return { kind: "timeout", message: clockMeanings[clock], clock };
}

async function discard(reply: TransportReply): Promise<void> {
  await reply.body[Symbol.asyncIterator]().return?.();
}

/** Without the key, control characters and length that a message must not have. */
export function presentable(message: string, secret: string | undefined): string {
  const safe = secret === undefined || secret === "" ? message : message.replaceAll(secret, "***");
  return safe.length > maxMessage ? `${safe.slice(0, maxMessage - 1)}…` : safe;
}
