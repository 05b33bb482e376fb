import type { TextWire } from "@headgate/wire";
import type { CancelSignal } from "../cancellation.ts";
import { failureTable } from "../failure/table.ts";
import { type Clock, type Transport, TransportError, type TransportReply, type TransportRequest } from "../ports.ts";
import type { Failure } from "../provider/index.ts";
import { simulatedAnswer, simulatedError } from "./answer.ts";
import { failureHeaders, type Mark, markOf } from "./mark.ts";
import type { Trouble } from "./trouble.ts";

/** How the backends of a simulation are. */
export interface Weather {
  /** By ref, or by provider; a ref's own counts before its provider's. Default: nobody fails. */
  readonly failing?: ReadonlyMap<string, Trouble>;
  /** Milliseconds that the load of a model takes, by ref, where it is not in memory. Default: all are there. */
  readonly cold?: ReadonlyMap<string, number>;
  /** How many tokens the input has. */
  readonly tokens: number;
}

/** Every backend of a simulation. Nothing is sent; an exchange takes no time but what its trouble or its load takes. */
export class SimulatedBackends implements Transport {
  readonly #weather: Weather;
  readonly #clock: Clock;
  readonly #loaded = new Set<string>();

  constructor(weather: Weather, clock: Clock) {
    this.#weather = weather;
    this.#clock = clock;
  }

  async send(request: TransportRequest, signal: CancelSignal): Promise<TransportReply> {
    const mark = markOf(request.headers);
    if (mark === undefined) throw new TransportError("refused", "a simulation sends nothing");
    const trouble = this.#troubleOf(mark.ref);
    if (trouble?.kind === "network") return this.#broken(trouble.trouble, request, signal);
    if (mark.asks === "status") return reply(200, this.#isCold(mark.ref) ? "cold" : "ready");
    if (mark.asks === "load") return this.#load(mark.ref, signal);
    if (trouble?.kind === "silence") return givenUp(signal);
    if (trouble !== undefined) return failed(mark.wire, trouble);
    if (mark.asks === "count") return reply(200, { input_tokens: this.#weather.tokens });
    // Who cannot be told to load has the request itself wait.
    await this.#load(mark.ref, signal);
    return this.#answer(mark);
  }

  #answer({ wire, stream, contextWindow }: Mark): TransportReply {
    const { tokens } = this.#weather;
    if (contextWindow !== undefined && tokens > contextWindow) {
      const failure: Failure = { kind: "context_overflow", message: "too long", inputTokens: tokens, contextWindow };
      return named(wire, failure);
    }
    const headers = { "content-type": stream ? "text/event-stream" : "application/json" };
    return { status: 200, headers, body: once(simulatedAnswer(wire, stream, tokens)) };
  }

  #troubleOf(ref: string): Trouble | undefined {
    const { failing } = this.#weather;
    return failing?.get(ref) ?? failing?.get(ref.slice(0, ref.indexOf("/")));
  }

  #isCold(ref: string): boolean {
    return this.#weather.cold?.has(ref) === true && !this.#loaded.has(ref);
  }

  async #load(ref: string, signal: CancelSignal): Promise<TransportReply> {
    if (this.#isCold(ref)) await this.#wait(this.#weather.cold?.get(ref) ?? 0, signal);
    this.#loaded.add(ref);
    return reply(200, "ready");
  }

  async #broken(
    trouble: TransportError["trouble"],
    { connectTimeout }: TransportRequest,
    signal: CancelSignal,
  ): Promise<never> {
    if (trouble === "connect-timeout") await this.#wait(connectTimeout, signal);
    throw new TransportError(trouble, `simulated: ${troubles[trouble]}`);
  }

  #wait(milliseconds: number, signal: CancelSignal): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#clock.after(milliseconds, resolve);
    });
    return Promise.race([over, givenUp(signal)]);
  }
}

/** Until the host has had enough. */
function givenUp(signal: CancelSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new TransportError("aborted", "given up"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}

const troubles: Readonly<Record<TransportError["trouble"], string>> = {
  refused: "the connection is refused",
  dns: "its name is not known",
  tls: "its certificate is not trusted",
  "connect-timeout": "no connection comes about",
  reset: "the connection is cut",
  aborted: "given up",
};

/** What an HTTP error says: a status by itself, or a failure by its name. */
function failed(wire: TextWire, trouble: Extract<Trouble, { kind: "status" | "failure" }>): TransportReply {
  if (trouble.kind === "failure")
    return named(wire, { kind: trouble.failure, message: `simulated: ${trouble.failure}` });
  const { status, retryAfter } = trouble;
  const headers = retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter / 1000)) };
  return reply(status, simulatedError(wire, status, `simulated: HTTP ${status}`), headers);
}

function named(wire: TextWire, failure: Failure): TransportReply {
  const { status, code } = failureTable[failure.kind];
  return reply(status, simulatedError(wire, status, failure.message, code), failureHeaders(failure));
}

const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): TransportReply => ({
  status,
  headers: { ...headers, "content-type": "application/json" },
  body: once(JSON.stringify(body)),
});

async function* once(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield new TextEncoder().encode(text);
}
