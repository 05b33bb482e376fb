import type { AttemptRecord, Receipt, Simulation, Told } from "@headgate/core";
import { durationText } from "../../observe/describe.ts";
import { placesText } from "../print.ts";
import { printTable } from "../table.ts";
import type { Outlet } from "../terminal.ts";

/** Prints what became of a simulated request, for people. */
export function printSimulation(out: Outlet, { receipt, client }: Simulation, notes: readonly string[]): void {
  out.line(headline(out, receipt));
  out.line();
  const rows = [...skippedRows(receipt, out), ...attemptRows(receipt, out), ...unaskedRows(receipt, out)];
  printTable(out, ["AT", "MODEL", "PLACE", "ON", "OUTCOME", "STATUS", "TOOK", "WHY"], rows);
  out.line();
  out.line(toldText(client));
  for (const note of notes) out.line(note);
  out.line(out.paint.dim("Simulated: nothing was sent. Clocks, loads and waits take their time, all else takes none."));
}

function headline({ paint }: Outlet, receipt: Receipt): string {
  const { requested, route, within, wire, stream, served, attempts, duration } = receipt;
  const through = route === undefined ? "" : `, by the route ${route}`;
  const bounds = within === undefined ? "" : `, within ${within.length === 0 ? "no place at all" : placesText(within)}`;
  const count = attempts.length === 1 ? "one attempt" : `${attempts.length} attempts`;
  const answers = served === undefined ? "nobody answers" : `${served} answers`;
  const end = attempts.length === 0 ? "nobody is asked" : `${answers} after ${count} and ${durationText(duration)}`;
  return `${paint.bold(requested)}${through}${bounds}, on ${wire}${stream ? ", streamed" : ""}: ${end}`;
}

const skippedRows = ({ candidates }: Receipt, { paint }: Outlet): readonly (readonly string[])[] =>
  candidates.flatMap(({ ref, places, skipped }) =>
    skipped === undefined ? [] : [["-", ref, placesText(places), "", paint.yellow("skipped"), "", "", skipped]],
  );

function attemptRows({ attempts, time }: Receipt, { paint }: Outlet): readonly (readonly string[])[] {
  return attempts.map((attempt, index) => [
    durationText(attempt.startedAt - time),
    attempt.ref,
    attempt.place,
    attempt.wire,
    attempt.outcome === "ok" ? paint.green("ok") : paint.red(attempt.outcome),
    attempt.status === undefined ? "" : String(attempt.status),
    durationText(attempt.duration),
    whyText(attempt, attempts.slice(0, index)),
  ]);
}

function whyText(attempt: AttemptRecord, before: readonly AttemptRecord[]): string {
  const last = before.findLast(({ ref }) => ref === attempt.ref);
  const waited = last === undefined ? 0 : attempt.startedAt - last.startedAt - last.duration;
  const texts = [
    waited > 0 && `asked again after ${durationText(waited)}`,
    attempt.loading !== undefined && `loaded for ${durationText(attempt.loading)}`,
    attempt.message,
  ];
  return texts.filter((text) => typeof text === "string").join("; ");
}

/** Who might have been asked, had it come to that. */
function unaskedRows({ candidates, attempts }: Receipt, { paint }: Outlet): readonly (readonly string[])[] {
  const asked = new Set(attempts.map(({ ref }) => ref));
  return candidates
    .filter(({ ref, skipped }) => skipped === undefined && !asked.has(ref))
    .map(({ ref, places, wire = "" }) => ["-", ref, placesText(places), wire, paint.dim("not asked"), "", "", ""]);
}

function toldText({ status, retryAfter, error }: Told): string {
  if (error === undefined) return `The client gets the answer, with status ${status}.`;
  const named = [error.type, error.code].filter((name) => name !== undefined).join(", ");
  const begun = status === 200 ? "heartbeats with status 200, and then" : `status ${status},`;
  const again = retryAfter === undefined ? "" : ` It is told to come back after ${retryAfter} s.`;
  return `The client gets ${begun} the error${named === "" ? "" : ` ${named}`}: ${error.message}.${again}`;
}
