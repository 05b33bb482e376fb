import { Cancellation, type Inbound } from "@headgate/core";
import type { RawData, WebSocket } from "ws";
import { type AnswerSink, sendAnswer, type TurnEnd } from "./answer.ts";
import { errorEvent } from "./error-event.ts";
import { ConnectionMemory } from "./memory.ts";
import { readMessage, type Turn } from "./message.ts";
import type { Endable } from "./sockets.ts";
import type { UpgradeOptions } from "./upgrade.ts";
import { warmUp } from "./warm-up.ts";

/** What a connection is made of. */
export interface ConnectionOptions extends Pick<UpgradeOptions, "current" | "sockets" | "onFault"> {
  readonly webSocket: WebSocket;
  /** Of the upgrade: they hold for every turn. */
  readonly headers: Inbound["headers"];
  readonly client: Inbound["client"];
}

/** A message that waits. */
interface Waiting {
  /** `undefined`: it was no text. */
  readonly text: string | undefined;
  readonly bytes: number;
}

const maxUnreadRefusals = 64;

/** Close codes of RFC 6455. */
const closeCodes = { done: 1000, goingAway: 1001, internal: 1011 } as const;

/** One client's connection: its turns are answered in order, one at a time. */
export class Connection implements Endable, AnswerSink {
  readonly #options: ConnectionOptions;
  readonly #webSocket: WebSocket;
  readonly #memory: ConnectionMemory;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #working = false;
  #unreadRefusals = 0;
  /** Of the running turn. */
  #leaving: Cancellation | undefined;
  /** Said and done once nothing runs any more. */
  #ending: (() => void) | undefined;
  #seenAt: number;
  readonly #timers = new Map<"lifetime" | "ping" | "close", () => void>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#webSocket = options.webSocket;
    const { clock, limits } = options.sockets;
    this.#memory = new ConnectionMemory({
      responses: limits.rememberedResponses,
      size: options.current.serving.gateway.maxBody,
    });
    this.#seenAt = clock.now();
    this.#after("lifetime", limits.lifetime, () => this.#endAfterTurn(() => this.#expire()));
    this.#watch();
    const seen = (): void => {
      this.#seenAt = clock.now();
    };
    this.#webSocket
      .on("message", (data, isBinary) => {
        seen();
        this.#receive(data, isBinary);
      })
      .on("ping", seen)
      .on("pong", seen)
      // What a broken peer does ends in a close, with the code that fits.
      .on("error", () => {})
      .on("close", () => this.#closed());
  }

  end(): void {
    this.#endAfterTurn(() => this.#close(closeCodes.goingAway, "the server is ending"));
  }

  cut(): void {
    this.#webSocket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#ending !== undefined) return;
    const text = isBinary ? undefined : String(data);
    const bytes = isBinary ? 0 : (data as Buffer).length;
    const { limits } = this.#options.sockets;
    if (
      this.#queue.length >= limits.queuedTurns ||
      this.#queuedBytes + bytes > this.#options.current.serving.gateway.maxBody
    ) {
      this.#refuse();
      return;
    }
    this.#queue.push({ text, bytes });
    this.#queuedBytes += bytes;
    if (!this.#working) void this.#work();
  }

  /** Said at once, before the turns that wait: it is the message that is refused, and nothing keeps its place. */
  #refuse(): void {
    const { queuedTurns } = this.#options.sockets.limits;
    // Whoever sends on and on and reads nothing is not told of it for ever.
    if (++this.#unreadRefusals > maxUnreadRefusals) this.cut();
    const message = `no more than ${queuedTurns} turns, and no more bytes than gateway.maxBody, may wait on a connection`;
    this.#webSocket.send(errorEvent(429, { code: "too_many_queued_turns", message }), () => {
      this.#unreadRefusals--;
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const message = readMessage(next.text);
      if (message.kind === "fault") await this.send(errorEvent(400, message.fault));
      else {
        const end = await this.#answer(message.turn);
        if (end !== "answered") this.#forget(message.turn);
        if (end === "broken") this.#close(closeCodes.internal, "the answer broke off");
      }
    }
    this.#working = false;
    this.#ending?.();
  }

  #take(): Waiting | undefined {
    const next = this.#queue.shift();
    if (next !== undefined) this.#queuedBytes -= next.bytes;
    return next;
  }

  /** What a turn went on from is forgotten when that turn fails. */
  #forget({ json: { previous_response_id: previous } }: Turn): void {
    if (typeof previous === "string") this.#memory.delete(previous);
  }

  async #answer(turn: Turn): Promise<TurnEnd> {
    const { current, headers, client, onFault } = this.#options;
    const { serving } = current;
    serving.enter();
    const leaving = new Cancellation();
    this.#leaving = leaving;
    const inbound: Inbound = {
      wire: "responses",
      headers,
      text: turn.text,
      json: turn.json,
      signal: leaving,
      memory: this.#memory,
      ...(client === undefined ? {} : { client }),
    };
    try {
      return await sendAnswer(
        turn.generates ? await serving.router.handle(inbound) : warmUp(turn.json, this.#memory),
        this,
      );
    } catch (error) {
      onFault(error);
      return "broken";
    } finally {
      serving.leave();
      this.#leaving = undefined;
    }
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  send(text: string): Promise<void> | undefined {
    const webSocket = this.#webSocket;
    if (!this.isOpen) return undefined;
    if (webSocket.bufferedAmount < this.#options.sockets.limits.unsentBytes) {
      webSocket.send(text);
      return undefined;
    }
    return new Promise((resolve) => webSocket.send(text, () => resolve()));
  }

  #endAfterTurn(ending: () => void): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#dropQueue();
    if (!this.#working) ending();
  }

  #expire(): void {
    const message = "this connection has lasted as long as one may. Open a new one to go on.";
    this.send(errorEvent(400, { code: "websocket_connection_limit_reached", message }));
    this.#close(closeCodes.done, "connection limit reached");
  }

  #close(code: number, reason: string): void {
    this.#ending ??= () => {};
    this.#dropQueue();
    if (!this.isOpen) return;
    this.#webSocket.close(code, reason);
    this.#awaitClose(Number.POSITIVE_INFINITY);
  }

  /** A client that reads on gets the last words that are still on their way to it. */
  #awaitClose(unsent: number): void {
    this.#after("close", this.#options.sockets.limits.closing, () => {
      const { bufferedAmount } = this.#webSocket;
      if (bufferedAmount > 0 && bufferedAmount < unsent) this.#awaitClose(bufferedAmount);
      else this.cut();
    });
  }

  /** The client is gone, or has had its last word. */
  #closed(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#ending ??= () => {};
    this.#dropQueue();
    this.#options.sockets.delete(this);
    this.#leaving?.abort();
  }

  #dropQueue(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  /** Keeps what stands between the two from forgetting the connection, and notices when nobody is there any more. */
  #watch(): void {
    const { clock, limits } = this.#options.sockets;
    this.#after("ping", limits.pingEvery, () => {
      if (clock.now() - this.#seenAt >= limits.silence) this.cut();
      else {
        if (this.isOpen) this.#webSocket.ping();
        this.#watch();
      }
    });
  }

  #after(name: "lifetime" | "ping" | "close", milliseconds: number, callback: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#options.sockets.clock.after(milliseconds, callback));
  }
}
