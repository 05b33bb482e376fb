import type { Clock } from "@headgate/core";
import { type WebSocketLimits, webSocketLimits } from "./limits.ts";

/** A connection, to whoever ends it. */
export interface Endable {
  /** Ends it as soon as nothing runs on it. */
  end(): void;
  /** Ends it now. */
  cut(): void;
}

/** Every open WebSocket of a server: Node knows them no longer as its own, and a server that ends must end them too. */
export class Sockets {
  readonly clock: Clock;
  readonly limits: WebSocketLimits;
  readonly #open = new Set<Endable>();
  #draining = false;

  constructor(clock: Clock, limits: Partial<WebSocketLimits> = {}) {
    this.clock = clock;
    this.limits = { ...webSocketLimits, ...limits };
  }

  /** No more are taken in. */
  get draining(): boolean {
    return this.#draining;
  }

  get size(): number {
    return this.#open.size;
  }

  add(connection: Endable): void {
    this.#open.add(connection);
  }

  delete(connection: Endable): void {
    this.#open.delete(connection);
  }

  /** Ends the idle ones, and each of the others after its running turn. */
  drain(): void {
    this.#draining = true;
    for (const connection of this.#open) connection.end();
  }

  cut(): void {
    this.#draining = true;
    for (const connection of this.#open) connection.cut();
  }
}
