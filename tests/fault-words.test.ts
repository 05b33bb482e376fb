import type { FaultError } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { startStack } from "./harness/stack.ts";

interface Trouble {
  readonly kind: string;
  /** As OpenAI and those that copy it say it, as Anthropic does, and as OpenRouter. */
  readonly said: Readonly<Record<"openai" | "anthropic" | "openrouter", FaultError>>;
  /** What a client of each wire acts on. */
  readonly told: Readonly<Record<TextWire, object>>;
}

const overflow = "prompt is too long: 210000 tokens > 200000 maximum";

const tooLong =
  "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens.";

const troubles: readonly Trouble[] = [
  {
    kind: "rate_limited",
    said: {
      openai: { type: "requests", code: "rate_limit_exceeded", message: "Rate limit reached for requests per min." },
      anthropic: { type: "rate_limit_error", message: "This request would exceed your rate limit." },
      openrouter: { type: "rate_limit_exceeded", message: "Rate limit exceeded" },
    },
    told: {
      chat: { type: "rate_limit_error", code: "rate_limit_exceeded" },
      responses: { code: "rate_limit_exceeded" },
      messages: { type: "rate_limit_error" },
    },
  },
  {
    kind: "overloaded",
    said: {
      openai: { type: "service_unavailable_error", code: "server_is_overloaded", message: "We are overloaded." },
      anthropic: { type: "overloaded_error", message: "Overloaded" },
      openrouter: { type: "provider_overloaded", message: "The provider is overloaded." },
    },
    told: {
      chat: { type: "service_unavailable_error", code: "server_is_overloaded" },
      responses: { code: "server_is_overloaded" },
      messages: { type: "overloaded_error" },
    },
  },
  {
    kind: "context_overflow",
    said: {
      openai: { type: "invalid_request_error", code: "context_length_exceeded", message: tooLong },
      anthropic: { type: "invalid_request_error", message: overflow },
      openrouter: { type: "context_length_exceeded", message: tooLong },
    },
    told: {
      chat: { type: "invalid_request_error", code: "context_length_exceeded" },
      responses: { code: "context_length_exceeded" },
      messages: { type: "invalid_request_error", message: overflow },
    },
  },
];

const start = ({ kind, wire, model }: Upstream) =>
  startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "sk-backend", wires: [wire] } } },
    },
  }));

/** Whose words a backend uses; the others have shapes of their own for what breaks off, and tests of their own. */
function tongueOf({ kind, wire }: Upstream): keyof Trouble["said"] | undefined {
  if (kind === "lmstudio" || kind === "litellm") return undefined;
  if (kind === "openrouter") return wire === "chat" ? kind : undefined;
  return wire === "messages" ? "anthropic" : "openai";
}

const spoken = upstreams.flatMap((upstream) => {
  const tongue = tongueOf(upstream);
  return tongue === undefined ? [] : [{ ...upstream, tongue }];
});

/** Whose own words go through are told nothing else. */
const clientsOf = ({ exact, wire }: Upstream): readonly TextWire[] =>
  textWires.filter((client) => !exact || client !== wire || client === "responses");

describe.each(spoken)("$kind on $wire", (upstream) => {
  it.each(troubles.flatMap((trouble) => clientsOf(upstream).map((client) => ({ ...trouble, client }))))(
    "that is $kind after its first output is told to a client of $client in its own words",
    async ({ kind, said, told, client }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer({ text: ["One ", "two ", "three."] });
      backend.fail({ kind: "error-frame", outputs: 2, error: said[upstream.tongue] });
      const reply = await gateway.say(client, { stream: true });
      expect(reply.broken).toBe(true);
      expect(dialects[client].readStreamError(reply.events)).toMatchObject(told[client]);
      expect(gateway.receipts).toMatchObject([{ outcome: "failed", failure: { kind } }]);
    },
  );
});
