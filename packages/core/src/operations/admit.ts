import type { JsonObject, TextWire, Wire } from "@headgate/wire";
import { requestReach } from "@headgate/wire";
import { type Admitted, enter, type Skipped } from "../admit/admit.ts";
import { leaks } from "../admit/reach.ts";
import type { Candidate } from "../candidate.ts";
import type { Boundary, Operation } from "../provider/index.ts";

/** Wires whose bodies are nobody's to translate. */
export type RawWire = Exclude<Wire, TextWire>;

const lacking: Readonly<Record<Operation, string>> = {
  generate: "it gives no answers",
  count: "it counts no tokens",
  embed: "it makes no embeddings",
  complete: "it completes no bare text",
  compact: "it compacts no conversation",
};

/** Decides whether a candidate may be asked for an operation on a wire of raw bodies, which is the provider's alone. */
export function admitRaw<Asked extends RawWire>(
  candidate: Candidate,
  operation: Operation,
  wire: Asked,
  outer: Boundary,
): Admitted<Asked> | Skipped {
  const inside = enter(candidate, outer);
  if ("skipped" in inside) return inside;
  const { provider, places } = inside;
  if (provider.wires[wire] === undefined || provider.operations?.includes(operation) !== true) {
    return { skipped: lacking[operation], kind: "unsupported", places };
  }
  return { ...inside, wire, exact: true };
}

/** The same on a text wire, which the model must speak itself. `from` is the wire that the body is on. */
export function admitNative<Asked extends TextWire>(
  candidate: Candidate,
  operation: Operation,
  wire: Asked,
  outer: Boundary,
  body: JsonObject,
  from: TextWire = wire,
): Admitted<Asked> | Skipped {
  const inside = enter(candidate, outer);
  if ("skipped" in inside) return inside;
  const { provider, places } = inside;
  const leak = leaks(inside, from, () => requestReach(from, body));
  if (leak !== undefined) return { skipped: leak, kind: "policy", places };
  if (!speaks(candidate, wire) || provider.operations?.includes(operation) !== true) {
    return { skipped: lacking[operation], kind: "unsupported", places };
  }
  return { ...inside, wire, exact: true };
}

/** Answers may be asked on fewer wires than it has. */
const speaks = ({ entry, model, wires }: Candidate, wire: TextWire): boolean =>
  wires.has(wire) || (model.wires === undefined && entry.wires.has(wire));
