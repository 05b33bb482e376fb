import { type ClientRequest, type IncomingHttpHeaders, request } from "node:http";
import type { Simulator, SimulatorKind, SimWire } from "../index.ts";

/** What a plain client saw. */
export interface Seen {
  /** Absent when the connection broke before the headers. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body ended as HTTP says it should. */
  readonly whole: boolean;
}

export interface Posted {
  readonly seen: Promise<Seen>;
  /** Resolves with the first bytes of the body. */
  readonly firstBytes: Promise<string>;
  leave(): void;
}

export const modelOf: Readonly<Record<SimulatorKind, string>> = {
  lmstudio: "minimax-m2.1-gs32",
  anthropic: "claude-haiku-5-5",
  openai: "gpt-5.5",
  "openai-compatible": "my-local-model",
  vllm: "my-model",
  litellm: "my-alias",
  openrouter: "z-ai/glm-5",
};

export const pathOf: Readonly<Record<SimWire, string>> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
  completions: "/v1/completions",
  embeddings: "/v1/embeddings",
  count: "/v1/messages/count_tokens",
};

/** The smallest request of each wire. */
export const bodyOf = (kind: SimulatorKind, wire: SimWire, stream: boolean): Record<string, unknown> => {
  const common = { model: modelOf[kind], stream };
  if (wire === "responses") return { ...common, input: "hi" };
  if (wire === "completions") return { ...common, prompt: "hi" };
  if (wire === "embeddings") return { model: modelOf[kind], input: "hi" };
  const messages = [{ role: "user", content: "hi" }];
  return wire === "chat" ? { ...common, messages } : { ...common, max_tokens: 100, messages };
};

/** Sends a request on a connection of its own, through nothing that retries, follows or repairs. */
export function post(simulator: Simulator, path: string, body: unknown, headers: Record<string, string> = {}): Posted {
  let outgoing: ClientRequest;
  const first = Promise.withResolvers<string>();
  const seen = new Promise<Seen>((resolve) => {
    const lost = { status: undefined, headers: {}, text: "", whole: false };
    // OpenRouter has the same paths below another folder.
    const folder = simulator.kind === "openrouter" && path.startsWith("/v1/") ? "/api" : "";
    outgoing = request(simulator.origin + folder + path, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    });
    outgoing.once("error", () => resolve(lost));
    outgoing.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        first.resolve(chunk);
      });
      const settle = () =>
        resolve({ status: response.statusCode, headers: response.headers, text, whole: response.complete });
      response.once("error", settle);
      response.once("close", settle);
    });
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { seen, firstBytes: first.promise, leave: () => outgoing.destroy() };
}

/** The events of a stream: name and data, parsed where it is JSON. */
export const eventsOf = (text: string): readonly { readonly event: string | undefined; readonly data: unknown }[] =>
  text
    .split("\n\n")
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const lines = block.split("\n");
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field("data") ?? "";
      return { event: field("event"), data: data.startsWith("{") ? (JSON.parse(data) as unknown) : data };
    });
