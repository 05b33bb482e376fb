import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "@headgate/core";

/** The folder for what outlives a restart: `gateway.stateDir`, from the config file's folder, else the user's own. */
export function stateDir(written: string | undefined, folder: string, environment: Environment): string {
  const home = environment.HOME || homedir();
  if (written === undefined) return join(environment.XDG_STATE_HOME || join(home, ".local", "state"), "headgate");
  return written === "~" || written.startsWith("~/") ? join(home, written.slice(1)) : resolve(folder, written);
}
