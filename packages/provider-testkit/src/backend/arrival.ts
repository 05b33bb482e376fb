import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Arrived } from "./backend.ts";

type OpenArrival = { -readonly [Key in keyof Arrived]: Arrived[Key] };

const cutHere = new WeakSet<ServerResponse>();

/** Closes a connection, which is then no client's doing. */
export function cut(response: ServerResponse): void {
  cutHere.add(response);
  response.destroy();
}

/** Requests as they arrive, and whether their clients stay. */
export interface Arrivals {
  readonly list: readonly Arrived[];
  /** Reads a request to its end. */
  receive(request: IncomingMessage, response: ServerResponse): Promise<Arrived>;
  nextClose(milliseconds: number): Promise<unknown>;
}

export function createArrivals(): Arrivals {
  const list: Arrived[] = [];
  const closed = Promise.withResolvers<Arrived>();
  return {
    list,
    receive: async (request, response) => {
      const arrived: OpenArrival = openArrival(request);
      response.once("close", () => {
        if (response.writableFinished || cutHere.has(response)) return;
        arrived.closedByClient = true;
        closed.resolve(arrived);
      });
      arrived.text = await readText(request);
      arrived.body = parse(arrived.text);
      list.push(arrived);
      return arrived;
    },
    nextClose: async (milliseconds) => {
      const late = wait(milliseconds, undefined, { ref: false }).then(() => {
        throw new Error(`nobody has left within ${milliseconds} ms`);
      });
      return Promise.race([closed.promise, late]);
    },
  };
}

function openArrival(request: IncomingMessage): OpenArrival {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: Object.fromEntries(headers),
    text: "",
    body: undefined,
    closedByClient: false,
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
