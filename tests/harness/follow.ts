import { type SseEvent, SseReader } from "@headgate/wire";
import { vi } from "vitest";
import type { AskOptions } from "./ask.ts";

/** A streamed reply, while it comes. */
export interface Followed {
  /** `undefined` until the headers are there. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly events: readonly SseEvent[];
  /** How it ended: as HTTP says it should, or not; `undefined` while it goes on. */
  readonly end: "whole" | "broken" | undefined;
  /** Resolves once this holds. */
  until(holds: (followed: Followed) => boolean): Promise<void>;
  leave(): void;
}

/** One request over HTTP whose reply is looked at as it grows. */
export function follow(url: string, { headers, body }: Pick<AskOptions, "headers" | "body">): Followed {
  const leaving = new AbortController();
  const events: SseEvent[] = [];
  const followed = {
    status: undefined as number | undefined,
    headers: {} as Record<string, string>,
    events,
    end: undefined as Followed["end"],
    until: (holds: (followed: Followed) => boolean) =>
      vi.waitFor(
        () => {
          if (!holds(followed)) throw new Error(`not yet, after ${events.length} events`);
        },
        { interval: 2, timeout: 5000 },
      ),
    leave: () => leaving.abort(),
  };
  void read();
  return followed;

  async function read(): Promise<void> {
    try {
      const reply = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        signal: leaving.signal,
      });
      followed.headers = Object.fromEntries(reply.headers);
      followed.status = reply.status;
      const sse = new SseReader();
      for await (const chunk of reply.body ?? []) events.push(...sse.push(chunk));
      events.push(...sse.end());
      followed.end = "whole";
    } catch {
      followed.end = "broken";
    }
  }
}
