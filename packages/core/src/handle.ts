import { narrow } from "./admit/boundary.ts";
import type { Candidate } from "./candidate.ts";
import { errorOutbound, failureOutbound } from "./failure/reply.ts";
import { fallbackToWarm } from "./load/index.ts";
import { countTokens } from "./operations/count.ts";
import { wayOf, wireAsked } from "./operations/way.ts";
import { type Names, plan } from "./plan.ts";
import type { Inbound, Outbound } from "./ports.ts";
import type { Boundary, Failure } from "./provider/index.ts";
import { receiptHeaders } from "./receipt/headers.ts";
import type { Receipt } from "./receipt/receipt.ts";
import { readTrace } from "./receipt/trace.ts";
import { nextRequestId } from "./request-id.ts";
import { type FallbackResult, fallback } from "./run/fallback.ts";
import { answerWaiting } from "./run/heartbeat.ts";
import type { Engine, Run } from "./run/run.ts";
import { settle } from "./run/settle.ts";
import { beginTurn } from "./state/begin-turn.ts";
import { isRefusal, type Refusal } from "./state/refusal.ts";
import type { ResponsesState } from "./state/state.ts";

/** What answers are made with; nothing in it belongs to one request. */
export interface House extends Names {
  readonly engine: Engine;
  readonly state: ResponsesState;
}

/**
 * Answers one request.
 *
 * @param earlier - The boundary of what `asked` was made of, beside its own.
 */
export async function handle(house: House, asked: Inbound, earlier?: Boundary): Promise<Outbound> {
  const { engine } = house;
  const receipt = openReceipt(engine, asked);
  const begun = beginTurn(house.state, asked, receipt);
  const turn = begun instanceof Promise ? await begun : begun;
  const strict = asked.headers["x-headgate-strict"] === "1";
  const inbound = isRefusal(turn) ? asked : turn.inbound;
  const run: Run = {
    engine,
    inbound,
    receipt,
    strict,
    repeats: 0,
    hedge: undefined,
    coldStart: "wait",
    writer: undefined,
    answering: undefined,
    prices: undefined,
    seen: undefined,
    settled: false,
  };
  if (isRefusal(turn)) return refused(run, turn);
  const fail = (failure: Failure): Outbound => {
    const outbound = failureOutbound(run, failure);
    settle(run, failure);
    return outbound;
  };
  const planned = plan(house, inbound, narrow(earlier, turn.within));
  if ("kind" in planned) return fail(planned);
  const { resolution, within, list } = planned;
  if (resolution.route !== undefined) receipt.route = resolution.route;
  if (resolution.strict === true) run.strict = true;
  run.coldStart = resolution.coldStart ?? "wait";
  run.hedge = resolution.hedge;
  if (within !== undefined) receipt.within = within;
  const asking = ask(run, list, within);
  // A heartbeat is a conversation's, and a stream's.
  if (receipt.stream && receipt.operation === undefined) {
    const waiting = await answerWaiting(run, asking);
    if (waiting !== undefined) return waiting;
  }
  const result = await asking;
  return result.ok ? answered(run, result) : fail(result.failure);
}

function ask(run: Run, list: readonly Candidate[], within: Boundary): Promise<FallbackResult> {
  const { inbound, coldStart } = run;
  if (inbound.operation === "count") return countTokens(run, list, within);
  const way = wayOf(inbound, within);
  return coldStart === "wait" ? fallback(run, list, way) : fallbackToWarm(run, list, way, within);
}

/** The turn cannot start: what it refers to is not there. */
function refused(run: Run, { status, fault }: Refusal): Outbound {
  const { receipt, inbound } = run;
  receipt.status = status;
  settle(run, { kind: "invalid_request", message: fault.message });
  const headers = { ...receiptHeaders(receipt), "content-type": "application/json" };
  return errorOutbound(inbound.wire, status, fault, receipt.id, headers);
}

function openReceipt(engine: Engine, inbound: Inbound): Receipt {
  const { model, stream } = inbound.json;
  const { operation = "generate" } = inbound;
  const trace = readTrace(inbound.headers.traceparent);
  return {
    id: nextRequestId(),
    time: engine.clock.now(),
    wire: wireAsked(inbound),
    ...(operation === "generate" ? {} : { operation }),
    stream: stream === true && (operation === "generate" || operation === "complete"),
    ...(inbound.client === undefined ? {} : { client: inbound.client.id }),
    ...(trace === undefined ? {} : { trace }),
    requested: typeof model === "string" ? model : "",
    candidates: [],
    attempts: [],
    status: 200,
    outcome: "ok",
    losses: [],
    warnings: [],
    duration: 0,
  };
}

function answered(run: Run, result: Extract<Awaited<ReturnType<typeof fallback>>, { ok: true }>): Outbound {
  const { receipt, engine } = run;
  const { answer, admitted } = result;
  receipt.duration = engine.clock.now() - receipt.time;
  const headers = receiptHeaders(receipt);
  if (admitted === undefined) headers["x-headgate-estimated"] = "1";
  if (answer.kind === "stream") {
    headers["content-type"] = "text/event-stream";
    headers["cache-control"] = "no-cache";
    return { status: 200, headers, body: answer.body };
  }
  headers["content-type"] = answer.contentType;
  if (answer.usage !== undefined) receipt.usage = answer.usage;
  settle(run, undefined);
  return { status: 200, headers, body: answer.body };
}
