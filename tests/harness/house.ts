import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notice } from "@headgate/core";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { readConfig as readConfigFile } from "../../packages/gateway/src/config-file.ts";
import { type Gateway, startGateway } from "../../packages/gateway/src/gateway.ts";
import type { ReloadOutcome } from "../../packages/gateway/src/reload/reloader.ts";
import { readConfig, type Settings } from "./configs.ts";

/** The whole gateway from a config file, with a state folder, over a simulated Anthropic and a simulated LM Studio. */
export interface House extends AsyncDisposable {
  readonly url: string;
  /** The config's file, and the state folder. */
  readonly file: string;
  readonly state: string;
  readonly hosted: Simulator;
  readonly local: Simulator;
  readonly gateway: Gateway;
  /** What the log was told. */
  readonly faults: readonly unknown[];
  readonly notices: readonly Notice[];
  readonly outcomes: readonly ReloadOutcome[];
  stateFiles(): readonly string[];
  /** Writes the config anew, or to {@link House.other}. */
  configure(settings: Settings, elsewhere?: string): void;
  /** A file beside the config. */
  readonly other: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
}

const environment = { ANTHROPIC_API_KEY: "sk-ant-test" };

/** @param shared - Another house's state folder. */
export async function openHouse(settings: Settings = {}, shared?: string): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "headgate-house-"));
  const file = join(folder, "headgate.json5");
  const state = shared ?? join(folder, "state");
  const hosted = await startSimulator({ kind: "anthropic", key: "sk-ant-test" });
  const local = await startSimulator({ kind: "lmstudio" });
  const faults: unknown[] = [];
  const notices: Notice[] = [];
  const outcomes: ReloadOutcome[] = [];
  const configure = (more: Settings, elsewhere = file): void => {
    const value = readConfig("hybrid-hosted-first", {
      "models.providers.anthropic.baseUrl": hosted.baseUrl,
      "models.providers.anthropic.place": "us",
      "models.providers.lmstudio.baseUrl": local.baseUrl,
      "gateway.port": 0,
      "gateway.stateDir": state,
      ...more,
    });
    writeFileSync(elsewhere, JSON.stringify(value));
  };
  const open = (): Promise<Gateway> =>
    startGateway({
      read: readConfigFile({ file, environment }),
      readAgain: () => readConfigFile({ file, environment }),
      from: import.meta.url,
      environment,
      createLog: () => ({
        receipt: () => {},
        refused: () => {},
        notice: (notice) => notices.push(notice),
        config: (outcome) => outcomes.push(outcome),
        fault: (error) => faults.push(error),
        close: () => {},
      }),
    });
  configure(settings);
  let gateway = await open();
  const house: House = {
    get url() {
      return gateway.url;
    },
    get gateway() {
      return gateway;
    },
    file,
    other: join(folder, "other.json5"),
    state,
    hosted,
    local,
    faults,
    notices,
    outcomes,
    stateFiles: () => {
      try {
        return readdirSync(state).sort();
      } catch {
        return [];
      }
    },
    configure,
    stop: async () => void (await gateway.close({ graceMs: 0 })),
    start: async () => {
      gateway = await open();
    },
    restart: async () => {
      await house.stop();
      await house.start();
    },
    [Symbol.asyncDispose]: async () => {
      await house.stop();
      await Promise.all([hosted.close(), local.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return house;
}
