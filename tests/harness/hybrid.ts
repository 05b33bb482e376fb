import { readConfig, type Settings } from "./configs.ts";
import type { GatewayOptions } from "./gateway.ts";
import { type Stack, startStack } from "./stack.ts";

export const sonnet = "anthropic/claude-sonnet-4-5";
export const minimax = "lmstudio/minimax-m2.1-gs32";
export const opus = "anthropic/claude-opus-4-6";

/** What LM Studio's simulator says when nothing else was scripted. */
export const localGreeting = "Hello from lmstudio/minimax-m2.1-gs32.";
export const hostedGreeting = "Hello from anthropic/claude-sonnet-4-5.";

export interface HybridOptions extends Omit<GatewayOptions, "config"> {
  readonly file?: "hybrid-hosted-first" | "local-first";
  readonly settings?: Settings;
}

/** The users' hybrid file over a simulated Anthropic and a simulated LM Studio. */
export const startHybrid = ({ file, settings, ...options }: HybridOptions = {}): Promise<Stack<"hosted" | "local">> =>
  startStack(
    { hosted: { kind: "anthropic", key: "sk-ant-test" }, local: { kind: "lmstudio" } },
    ({ hosted, local }) => ({
      environment: { ANTHROPIC_API_KEY: "sk-ant-test" },
      ...options,
      config: readConfig(file ?? "hybrid-hosted-first", {
        "models.providers.anthropic.baseUrl": hosted.baseUrl,
        "models.providers.lmstudio.baseUrl": local.baseUrl,
        ...settings,
      }),
    }),
  );
