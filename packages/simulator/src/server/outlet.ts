import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

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

export function createOutlet(response: ServerResponse): Outlet {
  const leaving = new AbortController();
  let cutHere = false;
  const untilLeft = new Promise<never>((_resolve, reject) => {
    leaving.signal.addEventListener("abort", () => reject(new ClientLeft("the client left")), { once: true });
  });
  untilLeft.catch(() => undefined);
  response.once("close", () => leaving.abort());
  response.on("error", () => leaving.abort());
  return {
    left: leaving.signal,
    get cutHere() {
      return cutHere;
    },
    head: (status, headers) => {
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write: (text) => {
      const flushed = new Promise<void>((resolve, reject) => {
        response.write(text, (error) => (error ? reject(new ClientLeft(error.message)) : resolve()));
      });
      return Promise.race([flushed, untilLeft]);
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
    hang: () => untilLeft,
    wait: async (milliseconds) => {
      if (milliseconds <= 0) return;
      await delay(milliseconds, undefined, { signal: leaving.signal }).catch(() => {
        throw new ClientLeft("the client left");
      });
    },
  };
}
