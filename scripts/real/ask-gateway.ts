import type { ProviderPlugin } from "@headgate/core";
import { type Gateway, startGateway } from "../../tests/harness/gateway.ts";
import { observed } from "./ask-server.ts";
import type { Cell, Script } from "./case.ts";
import type { Observation } from "./compare.ts";
import { key, type Target } from "./target.ts";

const scripts: readonly Script[] = ["say", "think", "call"];

/** Asks through the gateway, cell by cell: a row for each script, and one of each with a wrong key. */
export async function askGateway(
  target: Target,
  plugin: ProviderPlugin,
  cells: readonly Cell[],
): Promise<Readonly<Record<string, Observation>>> {
  const gateway = await startGateway({ config: configOf(target), plugins: pluginsOf(plugin) });
  const seen: Record<string, Observation> = {};
  try {
    for (const cell of cells) {
      target.prepare?.(cell);
      seen[cell.id] = await askOnce(gateway, target, cell);
    }
    return seen;
  } finally {
    await gateway.close();
  }
}

async function askOnce(gateway: Gateway, target: Target, cell: Cell): Promise<Observation> {
  const { script, conversation, unknownModel, wrongKey } = cell.situation;
  const model = unknownModel ? "no-such-model" : target.seats[script].model;
  // A breaker that a cell before has opened would answer in the server's place.
  gateway.router.reset(wrongKey ? "locked" : script);
  const reply = await gateway.say(cell.wire, {
    model: `${wrongKey ? "locked" : script}/${model}`,
    stream: cell.stream,
    conversation,
  });
  return { ...observed(reply), outcomes: gateway.receipts.at(-1)?.attempts.map(({ outcome }) => outcome) ?? [] };
}

const pluginsOf = (plugin: ProviderPlugin): ReadonlyMap<string, ProviderPlugin> =>
  new Map([...scripts, "locked"].map((id) => [id, plugin]));

/** A window that is written down is the user's word: the server itself is to say that a prompt is too long. */
function configOf({ seats }: Target): unknown {
  const row = (script: Script, apiKey: string) => {
    const { origin, model } = seats[script];
    const models = [model, "no-such-model"].map((id) => ({ id, contextWindow: 1_000_000 }));
    return { baseUrl: `${origin}/v1`, apiKey, place: "local", models };
  };
  const rows = scripts.map((script) => [script, row(script, key)] as const);
  return { models: { providers: { ...Object.fromEntries(rows), locked: row("say", "sk-wrong") } } };
}
