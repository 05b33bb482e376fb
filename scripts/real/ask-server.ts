import { type AskOptions, ask, type Reply } from "../../tests/harness/ask.ts";
import { dialects } from "../../tests/harness/dialects/index.ts";
import type { Cell } from "./case.ts";
import type { Observation } from "./compare.ts";
import { shapeOf } from "./shape.ts";
import { key, type Target } from "./target.ts";

/** What a server itself said in one cell: kept word for word. */
export interface Recorded extends Observation {
  readonly text: string;
}

/** Asks the server itself, cell by cell. */
export async function askServer(target: Target, cells: readonly Cell[]): Promise<Readonly<Record<string, Recorded>>> {
  const seen: Record<string, Recorded> = {};
  for (const cell of cells) {
    target.prepare?.(cell);
    const { origin, model } = target.seats[cell.situation.script];
    const { path } = dialects[cell.wire];
    const reply = await ask(origin + path, requestOf(cell, model));
    seen[cell.id] = { ...observed(reply), text: reply.text };
  }
  return seen;
}

function requestOf({ wire, stream, situation }: Cell, model: string): AskOptions {
  const { conversation, unknownModel, wrongKey } = situation;
  const dialect = dialects[wire];
  const body = dialect.writeRequest(conversation, unknownModel ? "no-such-model" : model, stream);
  const presented = wrongKey ? "sk-wrong" : key;
  return {
    body: { ...body, temperature: 0 },
    headers: { ...dialect.headers, authorization: `Bearer ${presented}` },
  };
}

export const observed = ({ status, headers, text }: Reply): Observation => ({
  status,
  media: headers["content-type"]?.split(";")[0] ?? "",
  shape: shapeOf(text),
});
