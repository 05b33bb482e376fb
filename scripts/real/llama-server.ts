import { join } from "node:path";
import type { ProviderPlugin } from "@headgate/core";
import compatible from "@headgate/provider-openai-compatible";
import { startSimulator } from "@headgate/simulator";
import { answerOf } from "./answers.ts";
import type { Script } from "./case.ts";
import { runProgram, type Server, startServer } from "./processes.ts";
import { environmentOf, makeModel, pip, programIn } from "./python.ts";
import { key, type Seat, type ServerKind, type SetUp, type Surroundings, type Target, window } from "./target.ts";

/** llama.cpp's server: one process for each script. It is not on PyPI, so a program that exists has to be named. */
export const llamaServer: ServerKind = {
  name: "llama-server",
  plugin: compatible as ProviderPlugin,
  // With one model it answers whatever name it is asked by.
  unknownModel: undefined,
  setUp,
  simulate,
};

const scripts: readonly Script[] = ["say", "think", "call"];

async function setUp(surroundings: Surroundings): Promise<SetUp> {
  const file = surroundings.environment.HEADGATE_LLAMA_SERVER;
  if (file === undefined) return { kind: "skipped", why: "HEADGATE_LLAMA_SERVER names no program" };
  const version = await versionOf(file);
  const tools = await environmentOf("gguf", (folder) => pip(folder, "gguf", "numpy"), surroundings);
  const servers: [Script, Server][] = [];
  const close = async () => void (await Promise.all(servers.map(([, server]) => server.close())));
  try {
    for (const script of scripts) {
      const model = join(surroundings.cache, `${script}.gguf`);
      await makeModel(programIn(tools, "python"), "make_gguf.py", model, script);
      servers.push([script, await start(file, model, script)]);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const seats = Object.fromEntries(servers.map(([script, { origin }]) => [script, { origin, model: script }]));
  return { kind: "running", version, target: { seats: seats as Record<Script, Seat>, close } };
}

async function versionOf(file: string): Promise<string> {
  const written = await runProgram(file, ["--version"]);
  return /version: *v?(\d[\d.]*)/.exec(written)?.[1] ?? "unknown";
}

const start = (file: string, model: string, alias: string): Promise<Server> =>
  startServer({
    file,
    parameters: (port) => [
      ...["--model", model, "--alias", alias, "--host", "127.0.0.1", "--port", String(port), "--api-key", key],
      ...["--jinja", "--temp", "0", "--parallel", "1", "--ctx-size", String(window), "--threads", "1"],
    ],
    health: "/health",
    readyWithinMs: 60_000,
  });

async function simulate(): Promise<Target> {
  const models = scripts.map((id) => ({ id, contextWindow: window }));
  const simulators = await Promise.all(
    models.map((model) => startSimulator({ kind: "openai-compatible", server: "llama.cpp", models: [model], key })),
  );
  for (const simulator of simulators) simulator.answer(answerOf);
  const seats = scripts.map((script, index) => [script, { origin: simulators[index]?.origin ?? "", model: script }]);
  return {
    seats: Object.fromEntries(seats) as Record<Script, Seat>,
    close: async () => void (await Promise.all(simulators.map((simulator) => simulator.close()))),
  };
}
