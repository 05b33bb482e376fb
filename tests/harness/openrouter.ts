import type { Transport } from "@headgate/core";
import { ordinaryAccount, type SimOpenRouter, type Simulator } from "@headgate/simulator";
import { onTestFinished, vi } from "vitest";
import { undiciTransport } from "../../packages/gateway/src/transport/undici.ts";
import type { GatewayOptions } from "./gateway.ts";
import { at } from "./json.ts";
import { type Stack, startStack } from "./stack.ts";

export const glm = "openrouter/z-ai/glm-5";
export const opus = "anthropic/claude-opus-4-6";
export const local = "lmstudio/minimax-m2.1-gs32";

/** Endpoints of GLM that are known to run there, by the simulated lists. */
export const tagsIn = {
  us: ["parasail/fp8", "baseten", "google-vertex/us-east5"],
  eu: ["mistral/nvfp4", "nebius/fp8"],
} as const;

/** Real connections, to simulators that stand in for hosts of the world. A host without one is not found. */
export function worldTransport(hosts: Readonly<Record<string, Simulator | undefined>>): Transport {
  const real = undiciTransport();
  onTestFinished(() => real.close());
  return {
    send: (request, signal) => {
      const { origin } = new URL(request.url);
      const stand = hosts[origin]?.origin ?? (origin.includes("127.0.0.1") ? origin : "http://127.0.0.1:9");
      return real.send({ ...request, url: stand + request.url.slice(origin.length) }, signal);
    },
  };
}

export interface RegionOptions extends Omit<GatewayOptions, "config" | "transport"> {
  /** OpenRouter's row. */
  readonly row?: object;
  /** The default route, first to last. */
  readonly route?: readonly string[];
  readonly account?: SimOpenRouter;
  /** More of the config. */
  readonly more?: object;
}

export type RegionStack = Stack<"openrouter" | "hosted" | "near"> & { readonly account: SimOpenRouter };

/** OpenRouter at its own name, Anthropic that runs in the United States, and LM Studio on this machine. */
export async function startRegion(options: RegionOptions = {}): Promise<RegionStack> {
  const { row = { region: "us" }, route = [glm], account = ordinaryAccount(), more = {}, ...rest } = options;
  const [primary, ...fallbacks] = route;
  const stack = await startStack(
    {
      openrouter: { kind: "openrouter", key: "sk-or-test", openrouter: account },
      hosted: { kind: "anthropic", key: "sk-ant-test" },
      near: { kind: "lmstudio" },
    },
    ({ openrouter, hosted, near }) => ({
      environment: { OPENROUTER_API_KEY: "sk-or-test", ANTHROPIC_API_KEY: "sk-ant-test" },
      transport: worldTransport({
        "https://openrouter.ai": openrouter,
        "https://eu.openrouter.ai": openrouter,
        "https://us.openrouter.ai": openrouter,
        "https://api.anthropic.com": hosted,
      }),
      ...rest,
      config: {
        agents: { defaults: { model: { primary, fallbacks } } },
        models: {
          providers: {
            openrouter: row,
            anthropic: { place: "us", apiKey: "sk-ant-test" },
            lmstudio: { baseUrl: near.baseUrl },
          },
        },
        ...more,
      },
    }),
  );
  return Object.assign(stack, { account });
}

/** What OpenRouter was told with each request that held a prompt. */
export const asked = ({ openrouter }: RegionStack): readonly unknown[] =>
  openrouter.requests.filter(({ method }) => method === "POST").map(({ body }) => body);

/** The tags that each of them was pinned to. */
export const pins = (stack: RegionStack): readonly unknown[] =>
  asked(stack).map((body) => at(body, "provider", "only"));

/** Paths of the look-ups, in order. */
export const lookUps = ({ openrouter }: RegionStack): readonly string[] =>
  openrouter.requests.filter(({ method }) => method === "GET").map(({ path }) => path.replace("/api/v1", ""));

export const warningsOf = (headers: Readonly<Record<string, string>>): readonly string[] =>
  decodeURIComponent(headers["x-headgate-warnings"] ?? "").split(",");

/** Until something that a real connection brings has happened. */
export const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 5 });
