import type { ServerResponse } from "node:http";
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";

/** The client has left: what was being written is given up. */
export class ClientLeft extends Error {
  override readonly name = "ClientLeft";
}

/** The way out to one client: every wait on it ends when the client leaves. */
export interface Outlet {
  readonly left: AbortSignal;
  /** It was this side that broke the connection. */
  readonly cutHere: boolean;
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** Resolves when the client's side has taken it. */
  write(text: string): Promise<void>;
  end(): void;
  /** Closes the connection in the middle. */
  cut(): void;
  /** Resets the connection. */
  reset(): void;
  /** Until the client leaves. */
  hang(): Promise<never>;
  wait(milliseconds: number): Promise<void>;
}

/** Tells `onHead` when the headers go out. */
export function createOutlet(response: ServerResponse, onHead: (status: number) => void): Outlet {
  const leaving = new AbortController();
  let cutHere = false;
  // What is waiting for the client: one thing at a time.
  let giveUp: ((error: Error) => void) | undefined;
  const leave = () => {
    leaving.abort();
    giveUp?.(new ClientLeft("the client left"));
  };
  response.once("close", leave);
  response.on("error", leave);
  const unlessLeft = <Value>(start: (resolve: (value: Value) => void) => void): Promise<Value> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      if (leaving.signal.aborted) leave();
      else start(resolve);
    });
  return {
    left: leaving.signal,
    get cutHere() {
      return cutHere;
    },
    head: (status, headers) => {
      response.writeHead(status, headers);
      response.flushHeaders();
      onHead(status);
    },
    write: async (text) => {
      await unlessLeft<void>((resolve) => response.write(text, (error) => (error ? leave() : resolve())));
      // An endless stream to a client that keeps up would let nothing else run.
      await immediate();
    },
    end: () => {
      response.end();
    },
    cut: () => {
      cutHere = true;
      response.socket?.destroy();
    },
    reset: () => {
      cutHere = true;
      response.socket?.resetAndDestroy();
    },
    hang: () => unlessLeft<never>(() => undefined),
    wait: async (milliseconds) => {
      if (milliseconds <= 0) return;
      await delay(milliseconds, undefined, { signal: leaving.signal }).catch(() => {
        throw new ClientLeft("the client left");
      });
    },
  };
}
