import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createRouter,
  type Notice,
  type ProviderPlugin,
  type Receipt,
  type Router,
  type RouterOptions,
} from "@headgate/core";
import anthropic from "@headgate/provider-anthropic";
import litellm from "@headgate/provider-litellm";
import lmstudio from "@headgate/provider-lmstudio";
import openai from "@headgate/provider-openai";
import compatible from "@headgate/provider-openai-compatible";
import openrouter from "@headgate/provider-openrouter";
import vllm from "@headgate/provider-vllm";
import type { TextWire } from "@headgate/wire";
import { createClock } from "../../packages/gateway/src/clock.ts";
import { cut, drain } from "../../packages/gateway/src/drain.ts";
import { clientClocks, createHttpServer, type HttpOptions } from "../../packages/gateway/src/http/server.ts";
import { undiciTransport } from "../../packages/gateway/src/transport/undici.ts";
import type { WebSocketLimits } from "../../packages/gateway/src/websocket/limits.ts";
import { Sockets } from "../../packages/gateway/src/websocket/sockets.ts";
import { type AskOptions, ask, type Reply } from "./ask.ts";
import { type Conversation, dialects } from "./dialects/index.ts";
import { at } from "./json.ts";

export type Refused = Parameters<HttpOptions["onRefused"]>[0];

export interface GatewayOptions
  extends Pick<RouterOptions, "environment" | "random" | "clock" | "transport" | "store" | "sealKey" | "blocks"> {
  readonly config: unknown;
  /** By provider id. Default: the first-party ones under their kinds, and the generic one for every other id. */
  readonly plugins?: ReadonlyMap<string, ProviderPlugin>;
  readonly clocks?: Partial<typeof clientClocks>;
  readonly webSockets?: Partial<WebSocketLimits>;
}

/** What one request of a test says beside its conversation. */
export interface Asked extends Pick<AskOptions, "headers" | "signal"> {
  readonly model?: string;
  readonly stream?: boolean;
  readonly conversation?: Conversation;
}

/** A gateway that serves, as `headgate serve` would, in the process of the test. */
export interface Gateway {
  readonly origin: string;
  readonly port: number;
  readonly router: Router;
  /** One a request, in the order in which their answers ended. */
  readonly receipts: readonly Receipt[];
  /** What happened beside them. */
  readonly notices: readonly Notice[];
  /** Requests that never reached the router. */
  readonly refused: readonly Refused[];
  /** What must never happen. */
  readonly faults: readonly unknown[];
  /** Says hello on a wire, or holds the conversation that is given. */
  say(wire: TextWire, asked?: Asked): Promise<Reply>;
  /** Any request. */
  ask(path: string, options?: AskOptions): Promise<Reply>;
  /** Ends as after SIGTERM; true when nothing had to be cut. */
  drain(graceMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const firstParty = new Map<string, ProviderPlugin>(
  [anthropic, litellm, lmstudio, openai, openrouter, vllm].map((plugin) => [plugin.kind, plugin as ProviderPlugin]),
);

/** As they are found by name: a row without a plugin of its own is served by the generic one. */
export function pluginsFor(config: unknown): ReadonlyMap<string, ProviderPlugin> {
  const rows = Object.keys(at(config, "models", "providers") ?? {});
  return new Map([...rows.map((id): [string, ProviderPlugin] => [id, compatible]), ...firstParty]);
}

export const hello: Conversation = { turns: [{ role: "user", text: "say hello to me" }] };

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const receipts: Receipt[] = [];
  const notices: Notice[] = [];
  const refused: Refused[] = [];
  const faults: unknown[] = [];
  const own = options.transport === undefined ? undiciTransport() : undefined;
  const router = createRouter({
    // No jitter: a back-off takes no time unless a backend asks for it.
    random: () => 0,
    ...options,
    plugins: options.plugins ?? pluginsFor(options.config),
    transport: options.transport ?? own ?? undiciTransport(),
    onReceipt: (receipt) => receipts.push(receipt),
    onNotice: (notice) => notices.push(notice),
  });
  const sockets = new Sockets(options.clock ?? createClock(), options.webSockets);
  const server = createHttpServer(
    {
      router,
      gateway: router.config.gateway,
      sockets,
      onRefused: (one) => refused.push(one),
      onFault: (error) => faults.push(error),
    },
    { ...clientClocks, ...options.clocks },
  );
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  const send: Gateway["ask"] = (path, settings) => ask(origin + path, settings);
  return {
    origin,
    port,
    router,
    receipts,
    notices,
    refused,
    faults,
    ask: send,
    say: (wire, { model, stream = false, conversation = hello, headers, signal } = {}) => {
      const dialect = dialects[wire];
      return send(dialect.path, {
        body: dialect.writeRequest(conversation, model, stream),
        headers: { ...dialect.headers, ...headers },
        ...(signal === undefined ? {} : { signal }),
      });
    },
    drain: (graceMs) => drain(server, sockets, graceMs),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut(server, sockets);
      router.close();
      await closed;
      await own?.close();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
