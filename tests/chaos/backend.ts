import { type CancelSignal, type Transport, TransportError, type TransportReply } from "@headgate/core";
import { codecs, type TextWire } from "@headgate/wire";
import { holdsWord, streamParts, wholeAnswer } from "./answers.ts";
import type { ChaosClock } from "./clock.ts";
import { faultText } from "./plugin.ts";
import type { RequestPlan, Scenario, Script } from "./scenario.ts";

/** One exchange as the backend saw it. */
export interface Sent {
  readonly attempt: number;
  /** Which of the scenario's requests it was for. */
  readonly request: number;
  readonly provider: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many others its provider had at that time, by the same row. */
  readonly crowd: number;
  readonly script: Script;
  readonly at: number;
  /** Attempts of the same request that were going on when it began. */
  readonly beside: readonly number[];
  /** It had been given up before it began. */
  readonly late: boolean;
  /** When it said its first word. */
  spoke: number | undefined;
  /** When it was over, whoever ended it. */
  over: number | undefined;
  /** It has come to what its script ends in; one that was cancelled earlier has not. */
  said: boolean;
  /** The engine ended it. */
  cancelled: boolean;
}

/** Marks a prompt with the number of its request. */
export const promptOf = (request: number): string => `please #${request}#`;

const troubles = { refused: "refused", dns: "dns", tls: "tls", "connect-timeout": "connect-timeout" } as const;

/** The network of a scenario: every provider's backend, doing what its scripts say. */
export class Backends implements Transport {
  readonly sent: Sent[] = [];
  /** Those of them that may not be over. */
  #going: readonly Sent[] = [];
  readonly #scenario: Scenario;
  readonly #clock: ChaosClock;

  constructor(scenario: Scenario, clock: ChaosClock) {
    this.#scenario = scenario;
    this.#clock = clock;
  }

  async send(
    { url, headers, body = "" }: Parameters<Transport["send"]>[0],
    signal: CancelSignal,
  ): Promise<TransportReply> {
    const text = String(body);
    const request = Number(/#(\d+)#/.exec(text)?.[1] ?? -1);
    const provider = new URL(url).hostname.split(".")[0] ?? "";
    const script = scriptOf(this.#scenario.requests[request], provider, this.#countOf(request, provider));
    const at = this.#clock.now();
    const going = this.#going.filter(({ over }) => over === undefined);
    const sent: Sent = {
      attempt: this.sent.length,
      request,
      provider,
      url,
      headers,
      body: text,
      script,
      at,
      crowd: going.filter((one) => keyOf(one) === keyOf({ headers })).length,
      beside: going.flatMap((one) => (one.request === request ? one.attempt : [])),
      late: signal.aborted,
      spoke: undefined,
      over: undefined,
      said: false,
      cancelled: false,
    };
    this.sent.push(sent);
    this.#going = [...going, sent];
    const wire = this.#scenario.providers.find(({ id }) => id === provider)?.wire ?? "chat";
    const streams = (JSON.parse(text) as { stream?: unknown }).stream === true;
    const line = new Line(sent, this.#clock, signal);
    try {
      await line.wait(script.delay);
      return await answer(line, wire, streams);
    } catch (error) {
      line.close();
      throw error;
    }
  }

  #countOf(request: number, provider: string): number {
    return this.sent.filter((one) => one.request === request && one.provider === provider).length;
  }
}

function scriptOf(plan: RequestPlan | undefined, provider: string, count: number): Script {
  const scripts = plan?.scripts[provider] ?? [];
  const script = scripts[Math.min(count, scripts.length - 1)];
  return script ?? { end: "answers", kind: "overloaded", delay: 0, pace: 0, pieces: 1 };
}

/** A connection: it ends when its signal says so, or its reader. */
class Line {
  readonly sent: Sent;
  readonly #clock: ChaosClock;
  readonly #signal: CancelSignal;
  #break: ((error: Error) => void) | undefined;
  readonly #cancel = (): void => {
    this.sent.cancelled = true;
    this.close();
    this.#break?.(new TransportError("aborted", "cancelled"));
  };

  constructor(sent: Sent, clock: ChaosClock, signal: CancelSignal) {
    this.sent = sent;
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener("abort", this.#cancel);
  }

  close(): void {
    this.sent.over ??= this.#clock.now();
    this.#signal.removeEventListener("abort", this.#cancel);
  }

  speak(text: string): void {
    if (this.sent.spoke === undefined && holdsWord(text)) this.sent.spoke = this.#clock.now();
  }

  /** Resolves after a time; never, when it is endless. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#signal.aborted) throw new TransportError("aborted", "cancelled");
    if (milliseconds === 0) return;
    await new Promise<void>((resolve, reject) => {
      const stop = Number.isFinite(milliseconds) ? this.#clock.after(milliseconds, resolve) : undefined;
      this.#break = (error) => {
        stop?.();
        reject(error);
      };
    });
    this.#break = undefined;
  }
}

async function answer(line: Line, wire: TextWire, streams: boolean): Promise<TransportReply> {
  const { script } = line.sent;
  line.sent.said = script.end in troubles;
  if (script.end in troubles) {
    throw new TransportError(troubles[script.end as keyof typeof troubles], "the network is like that");
  }
  if (script.end === "reset") throw new TransportError("reset", "reset");
  if (script.end === "hangs") await line.wait(Number.POSITIVE_INFINITY);
  const fault = { message: faultText(script, keyOf(line.sent)), type: "chaos" };
  if (script.end === "status") {
    return reply(line, 400, "application/json", [JSON.stringify(codecs[wire].errorBody(400, fault, "up"))]);
  }
  if (!streams) return reply(line, 200, "application/json", wholeChunks(line, wire));
  return reply(line, 200, "text/event-stream", streamChunks(line, wire));
}

export const keyOf = ({ headers }: Pick<Sent, "headers">): string => headers.authorization ?? "nobody";

/** A chunk of text, a number of milliseconds to wait, or a cut. */
type Step = string | number | Error;

const cut = new TransportError("reset", "cut");

function wholeChunks({ sent }: Line, wire: TextWire): Step[] {
  const { attempt, script } = sent;
  const whole = wholeAnswer(wire, attempt, script.pieces);
  switch (script.end) {
    case "inside":
      return [
        JSON.stringify(codecs[wire].errorBody(400, { message: faultText(script, keyOf(sent)), type: "chaos" }, "up")),
      ];
    case "empty":
      return [wholeAnswer(wire, attempt, 0)];
    case "garbage":
      return ["<html>"];
    case "cut-before":
      return [cut];
    case "cut-after":
    case "error-after":
      return [whole.slice(0, whole.length >> 1), cut];
    case "stops-after":
      return [whole.slice(0, whole.length >> 1)];
    case "hangs-before":
    case "hangs-after":
      return [whole.slice(0, 10), Number.POSITIVE_INFINITY];
    default:
      return [whole.slice(0, 10), script.pace, whole.slice(10)];
  }
}

function streamChunks({ sent }: Line, wire: TextWire): Step[] {
  const { attempt, script } = sent;
  const { head, words, tail } = streamParts(wire, attempt, script.pieces);
  const paced = script.pace === 0 ? [words.join("")] : words.flatMap((word): Step[] => [script.pace, word]);
  const fault = codecs[wire].errorEvent(400, { message: faultText(script, keyOf(sent)), type: "chaos" }, "up");
  switch (script.end) {
    case "inside":
      return [fault];
    case "empty":
      return [streamParts(wire, attempt, 0).head + streamParts(wire, attempt, 0).tail];
    case "garbage":
      return ["data: <html>\n\n"];
    case "cut-before":
      return [head, cut];
    case "cut-after":
      return [head, ...paced, cut];
    case "stops-after":
      return [head, ...paced];
    case "error-after":
      return [head, ...paced, fault];
    case "hangs-before":
      return [head, Number.POSITIVE_INFINITY];
    case "hangs-after":
      return [head, ...paced, Number.POSITIVE_INFINITY];
    default:
      return script.pace === 0 ? [head + words.join("") + tail] : [head, ...paced, tail];
  }
}

function reply(line: Line, status: number, type: string, steps: readonly Step[]): TransportReply {
  const encoder = new TextEncoder();
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      let left = steps.length;
      for (const step of steps) {
        line.sent.said = --left === 0;
        if (typeof step === "string") {
          line.speak(step);
          yield encoder.encode(step);
        } else if (typeof step === "number") await line.wait(step);
        else throw step;
      }
    } finally {
      line.close();
    }
  }
  return { status, headers: { "content-type": type }, body: body() };
}
