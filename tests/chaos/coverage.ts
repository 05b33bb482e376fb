import type { TextWire } from "@headgate/wire";
import type { Played } from "./play.ts";
import { type End, ends, nameable } from "./scenario.ts";
import { allSituations, situationsOf } from "./situations.ts";

const wires: readonly TextWire[] = ["chat", "responses", "messages"];
const modes = ["stream", "whole"] as const;

/** Ends in which the backend names a failure. */
const naming: ReadonlySet<End> = new Set(["status", "inside"]);

/** Every failure in every phase, wire and mode, and every other way for an exchange to end. */
const cells: readonly string[] = ends.flatMap((end) =>
  (naming.has(end) ? nameable : ["-"]).flatMap((kind) =>
    wires.flatMap((wire) => modes.map((mode) => cellOf(end, kind, wire, mode))),
  ),
);

function cellOf(end: End, kind: string, wire: TextWire, mode: (typeof modes)[number]): string {
  return `${kind} ${end} ${wire} ${mode}`;
}

/** How often runs have been where they should be. */
class Counts {
  readonly #counts: Map<string, number>;

  constructor(names: readonly string[]) {
    this.#counts = new Map(names.map((name) => [name, 0]));
  }

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get total(): number {
    return this.#counts.size;
  }

  get seen(): number {
    return [...this.#counts.values()].filter((count) => count > 0).length;
  }

  /** Where the runs have been least often. */
  get rarest(): { readonly name: string; readonly count: number } {
    const [name = "", count = 0] = [...this.#counts].sort(([, one], [, other]) => one - other)[0] ?? [];
    return { name, count };
  }
}

/** What runs have been through. */
export class Coverage {
  /** Of (failure × phase × wire × mode). */
  readonly failures = new Counts(cells);
  /** Of what requests come into beside failures. */
  readonly situations = new Counts(allSituations);

  add(played: Played): void {
    const { sent, scenario } = played;
    for (const { script, provider, request } of sent) {
      const wire = scenario.providers.find(({ id }) => id === provider)?.wire ?? "chat";
      const mode = scenario.requests[request]?.stream === true ? "stream" : "whole";
      this.failures.add(cellOf(script.end, naming.has(script.end) ? script.kind : "-", wire, mode));
    }
    for (const name of situationsOf(played)) this.situations.add(name);
  }
}
