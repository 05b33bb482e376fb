import type { Receipt } from "@headgate/core";
import { onTestFinished, vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import type { Gateway } from "./gateway.ts";
import { at, type JsonObject, textAt } from "./json.ts";

/** A client's end of a WebSocket: what came is read in order. */
export interface Talk {
  readonly socket: WebSocket;
  /** Everything that has come so far. */
  readonly received: readonly JsonObject[];
  /** Resolves with the close code and its reason. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Sends text as it is, and anything else as JSON. */
  send(message: unknown): void;
  /** Starts a turn. */
  create(body: JsonObject): void;
  /** The next message that has not been read. Rejects when the connection closes instead. */
  next(): Promise<JsonObject>;
  /** The messages up to and with the one that ends a turn. */
  rest(): Promise<readonly JsonObject[]>;
  /** Starts a turn and reads it to its end. */
  turn(body: JsonObject): Promise<readonly JsonObject[]>;
}

const endings = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

/** Opens a WebSocket to a gateway, for the test that runs. */
export async function talk(gateway: Pick<Gateway, "port">, options: ClientOptions = {}): Promise<Talk> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/v1/responses`, options);
  const received: JsonObject[] = [];
  const waiting: PromiseWithResolvers<JsonObject>[] = [];
  let read = 0;
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as JsonObject;
    received.push(message);
    const waiter = waiting.shift();
    if (waiter === undefined) return;
    read++;
    waiter.resolve(message);
  });
  socket.on("close", (code, reason) => {
    closed.resolve({ code, reason: String(reason) });
    for (const waiter of waiting.splice(0)) waiter.reject(new Error(`closed with ${code} ${reason}`));
  });
  await new Promise<void>((resolve, reject) => socket.once("open", resolve).once("error", reject));
  // What follows an error is a close.
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  const send = (message: unknown): void =>
    socket.send(typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message));
  const next = (): Promise<JsonObject> => {
    const message = received[read];
    if (message !== undefined) {
      read++;
      return Promise.resolve(message);
    }
    const waiter = Promise.withResolvers<JsonObject>();
    waiting.push(waiter);
    return waiter.promise;
  };
  const rest = async (): Promise<readonly JsonObject[]> => {
    const events: JsonObject[] = [];
    for (;;) {
      const event = await next();
      events.push(event);
      if (endings.has(textAt(event, "type"))) return events;
    }
  };
  const create = (body: JsonObject): void => send({ type: "response.create", ...body });
  return {
    socket,
    received,
    closed: closed.promise,
    send,
    create,
    next,
    rest,
    turn: (body) => {
      create(body);
      return rest();
    },
  };
}

/** The words of an answer's deltas. */
export const wordsOf = (events: readonly JsonObject[]): string =>
  events
    .filter(({ type }) => type === "response.output_text.delta")
    .map((event) => textAt(event, "delta"))
    .join("");

/** The response that a turn's last event holds. */
export const responseOf = (events: readonly JsonObject[]): JsonObject => at(events.at(-1), "response") as JsonObject;

/** The first receipt: it is written when a turn's last event has gone out, and may come after it. */
export const receiptOf = ({ receipts }: Pick<Gateway, "receipts">): Promise<Receipt> =>
  vi.waitFor(
    () => {
      const [receipt] = receipts;
      if (receipt === undefined) throw new Error("there is no receipt yet");
      return receipt;
    },
    { interval: 2, timeout: 2000 },
  );
