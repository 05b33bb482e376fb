import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const scene = fileURLToPath(new URL("egress/scene.mjs", import.meta.url));

interface Seen {
  readonly answers: readonly { readonly path: string; readonly status: number; readonly model: string | null }[];
  /** Connections and look-ups that would have left this machine. */
  readonly left: readonly string[];
  readonly proxied: number;
}

function play(command: readonly string[], egress = "none"): Seen {
  const [program = "", ...words] = [...command, process.execPath, scene, egress];
  const { stdout, stderr } = spawnSync(program, words, { encoding: "utf8", timeout: 60_000 });
  try {
    return JSON.parse(stdout) as Seen;
  } catch {
    throw new Error(`the scene broke: ${stdout}${stderr}`);
  }
}

/** A network of its own, with nothing in it but loopback, where the system lets a user have one. */
const ownNetwork = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
const [first = "", ...rest] = ownNetwork;
const hasOwnNetwork = spawnSync(first, [...rest, "true"]).status === 0;

const served = (model: string | null) => ({ status: 200, model });

describe("a gateway with egress none", () => {
  it.each(hasOwnNetwork ? [[[]], [ownNetwork]] : [[[]]])(
    "answers by the local model, and no connection or look-up leaves this machine %j",
    (command) => {
      const { answers, left, proxied } = play(command);
      expect(left).toEqual([]);
      expect(proxied).toBe(0);
      const local = served("lmstudio/qwen3-8b");
      expect(answers.slice(0, 6).map(({ status, model }) => ({ status, model }))).toEqual(Array(6).fill(local));
      expect(answers.slice(6)).toMatchObject([
        { path: "/v1/messages/count_tokens", status: 200 },
        { path: "/v1/embeddings", status: 400 },
        { path: "/v1/chat/completions", status: 400 },
      ]);
    },
    90_000,
  );

  it("has a guard that sees what leaves", () => {
    expect(play([], "any").left).toContain("connect 192.0.2.1");
  }, 90_000);
});
