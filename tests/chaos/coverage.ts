import type { TextWire } from "@headgate/wire";
import type { Played } from "./play.ts";
import { type End, ends, nameable } from "./scenario.ts";

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

/** What of (failure × phase × wire × mode) runs have been through. */
export class Coverage {
  readonly #counts = new Map<string, number>(cells.map((cell) => [cell, 0]));

  add({ sent, scenario }: Played): void {
    for (const { script, provider, request } of sent) {
      const wire = scenario.providers.find(({ id }) => id === provider)?.wire ?? "chat";
      const mode = scenario.requests[request]?.stream === true ? "stream" : "whole";
      const cell = cellOf(script.end, naming.has(script.end) ? script.kind : "-", wire, mode);
      this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + 1);
    }
  }

  get total(): number {
    return cells.length;
  }

  get seen(): number {
    return [...this.#counts.values()].filter((count) => count > 0).length;
  }

  /** Where the runs have been least often. */
  get rarest(): { readonly cell: string; readonly count: number } {
    const [cell = "", count = 0] = [...this.#counts].sort(([, one], [, other]) => one - other)[0] ?? [];
    return { cell, count };
  }
}
