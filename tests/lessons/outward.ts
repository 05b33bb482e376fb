import type { Transport } from "@headgate/core";
import type { Simulator } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { onTestFinished } from "vitest";
import { undiciTransport } from "../../packages/gateway/src/transport/undici.ts";
import { dialects } from "../harness/dialects/index.ts";
import { hello } from "../harness/gateway.ts";

/** A way out that ends at one simulator whatever is asked for, and remembers what was. */
export interface Outward {
  readonly transport: Transport;
  /** Method and address of every request, in order. */
  readonly asked: readonly string[];
}

export function outwardTo(simulator: Simulator): Outward {
  const real = undiciTransport();
  onTestFinished(() => real.close());
  const asked: string[] = [];
  const transport: Transport = {
    send: (request, signal) => {
      asked.push(`${request.method} ${request.url}`);
      const url = simulator.origin + request.url.slice(new URL(request.url).origin.length);
      return real.send({ ...request, url }, signal);
    },
  };
  return { transport, asked };
}

export interface Operation {
  readonly path: string;
  /** The least that the path takes, beside a model. */
  readonly body: object;
  readonly wire?: TextWire;
}

/** Every path that asks a model something. */
export const operations: readonly Operation[] = [
  ...textWires.map((wire) => ({
    path: dialects[wire].path,
    body: dialects[wire].writeRequest(hello, undefined, false),
    wire,
  })),
  { path: "/v1/embeddings", body: { input: "one" } },
  { path: "/v1/completions", body: { prompt: "Say hello" } },
  { path: "/v1/responses/compact", body: { input: "Say hello" } },
  { path: "/v1/messages/count_tokens", body: { messages: [{ role: "user", content: "hi" }] } },
];
