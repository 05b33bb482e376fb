import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProviderPlugin } from "@headgate/core";
import litellm from "@headgate/provider-litellm";
import { faults, type Simulator, startSimulator } from "@headgate/simulator";
import { answerOf } from "./answers.ts";
import { startServer } from "./processes.ts";
import { environmentOf, pip, programIn } from "./python.ts";
import { key, oneSeat, type ServerKind, type SetUp, type Surroundings, type Target, window } from "./target.ts";

/** The LiteLLM proxy, in front of a simulated vLLM: what is compared is LiteLLM's own. */
export const liteLlm: ServerKind = {
  name: "litellm",
  plugin: litellm as ProviderPlugin,
  unknownModel: "model_missing",
  setUp,
  simulate,
};

const version = "1.106.2";
const alias = "scripted";
const behind = "behind";

async function setUp(surroundings: Surroundings): Promise<SetUp> {
  const { cache, environment } = surroundings;
  const file = environment.HEADGATE_LITELLM ?? (await installed(surroundings));
  const upstream = await startSimulator({ kind: "vllm", models: [{ id: behind, contextWindow: window }] });
  upstream.answer(answerOf);
  try {
    await mkdir(cache, { recursive: true });
    const config = join(cache, "litellm.json");
    await writeFile(config, JSON.stringify(configOver(upstream)));
    const server = await startServer({
      file,
      parameters: (port) => ["--config", config, "--host", "127.0.0.1", "--port", String(port)],
      // The prices of its own package: it would fetch a list of them.
      environment: { LITELLM_MASTER_KEY: key, LITELLM_LOCAL_MODEL_COST_MAP: "True" },
      health: "/health/liveliness",
      readyWithinMs: 120_000,
    });
    const close = async () => {
      await server.close();
      await upstream.close();
    };
    const seats = oneSeat({ origin: server.origin, model: alias });
    return { kind: "running", version: await versionOf(server.origin), target: { seats, close } };
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

async function installed(surroundings: Surroundings): Promise<string> {
  const folder = await environmentOf(
    `litellm-${version}`,
    (made) => pip(made, `litellm[proxy]==${version}`),
    surroundings,
  );
  return programIn(folder, "litellm");
}

/** JSON is YAML. No deployment is left out after a failure, so that each cell is asked of LiteLLM's backend. */
const configOver = ({ baseUrl }: Simulator): object => ({
  model_list: [
    { model_name: alias, litellm_params: { model: `hosted_vllm/${behind}`, api_key: "none", api_base: baseUrl } },
  ],
  router_settings: { num_retries: 0, disable_cooldowns: true },
  litellm_settings: { telemetry: false, drop_params: false },
});

async function versionOf(origin: string): Promise<string> {
  const reply = await fetch(`${origin}/health/readiness`);
  const { litellm_version: told } = (await reply.json()) as { readonly litellm_version?: string };
  return told ?? reply.headers.get("x-litellm-version") ?? version;
}

async function simulate(): Promise<Target> {
  const simulator = await startSimulator({ kind: "litellm", models: [{ id: alias }], key });
  simulator.answer(answerOf);
  return {
    seats: oneSeat({ origin: simulator.origin, model: alias }),
    close: () => simulator.close(),
    // It has no backend with a window behind it.
    prepare: ({ situation }) => {
      simulator.heal();
      if (situation.name === "overflow") simulator.fail(faults.litellm.contextWindow({ window }));
    },
  };
}
