import type { Examination } from "./examine.ts";
import type { Finding, Said } from "./finding.ts";

type Judge = (seen: Examination) => readonly Said[];

/** What is to be said of a provider as a whole. Pure. */
export function judgeProvider(seen: Examination): readonly Finding[] {
  return judges.flatMap((judge) => judge(seen).map((said) => ({ provider: seen.entry.id, ...said })));
}

const rowOf = ({ entry }: Examination): string => `models.providers.${entry.id}`;

/** Of a provider that is off, one thing: why. */
const row: Judge = (seen) => {
  const { entry, plugin, problem } = seen;
  const { disabled, provider } = entry;
  if (disabled === undefined) return [];
  const off = (check: Said["check"], fix: string): readonly Said[] => [{ check, level: "broken", seen: disabled, fix }];
  if (provider === undefined) {
    const isKey = problem?.path.endsWith(".apiKey") === true;
    return off(isKey ? "key" : "row", problem?.fix ?? "mend the row; headgate check says where");
  }
  if (entry.wires.size === 0) {
    return off("wire", `write one of ${Object.keys(provider.wires).join(", ")}, or leave api and wires out`);
  }
  return off("key", keyFix(seen, plugin?.plugin.auth?.env));
};

function keyFix(seen: Examination, variable: string | undefined): string {
  if (variable === undefined) return `write an apiKey in ${rowOf(seen)}`;
  return `set ${variable} where Headgate starts, or write an apiKey in ${rowOf(seen)}`;
}

const blocked: Judge = ({ entry }) => {
  const reason = entry.blocked?.();
  if (reason === undefined) return [];
  const fix = `when that is settled: headgate status --reset ${entry.id}`;
  return [{ check: "blocked", level: "broken", seen: `it is asked for nothing: ${reason}`, fix }];
};

const border: Judge = (seen) => {
  const { outside, places } = seen;
  if (outside === undefined) return [];
  const where = places.length === 0 ? "unknown" : places.join("+");
  const bounds = outside.length === 0 ? "of no place at all" : outside.join("+");
  return [
    {
      check: "border",
      level: "warning",
      seen: `not asked: it runs at ${where}, outside the boundary ${bounds}`,
      fix: `leave it out of the order, or, if you know better where it runs, write ${rowOf(seen)}.place`,
    },
  ];
};

const reachable: Judge = (seen) => {
  const { trouble, latency, plugin } = seen;
  if (latency !== undefined) return [{ check: "reachable", level: "ok", seen: `answers in ${latency} ms` }];
  if (trouble === undefined) return [];
  if (trouble.kind === "unreachable") {
    const { start } = plugin?.plugin.detect ?? {};
    const where = `correct ${rowOf(seen)}.baseUrl`;
    const fix =
      start === undefined ? `see whether this machine reaches it, or ${where}` : `start it (${start}), or ${where}`;
    return [{ check: "reachable", level: "broken", seen: trouble.message, fix }];
  }
  if (trouble.kind !== "silent") return [{ check: "reachable", level: "ok", seen: "answers" }];
  const fix = "look at its own log: it takes connections and says nothing, for it is busy, or starting, or stuck";
  return [{ check: "reachable", level: "broken", seen: trouble.message, fix }];
};

const key: Judge = (seen) => {
  const { entry, trouble, list, plugin } = seen;
  if (trouble?.kind === "key") {
    const variable = plugin?.plugin.auth?.env;
    const isSent = entry.secret !== undefined;
    const fix = isSent
      ? `write another apiKey in ${rowOf(seen)}, or change what it is read from`
      : keyFix(seen, variable);
    const what = isSent ? "it refuses the key" : "it wants a key, and none is sent";
    return [{ check: "key", level: "broken", seen: `${what}: ${trouble.message}`, fix }];
  }
  if (list === undefined) return [];
  return [{ check: "key", level: "ok", seen: entry.secret === undefined ? "none is wanted" : "it is taken" }];
};

const path: Judge = (seen) => {
  const { entry, trouble, list, known } = seen;
  const written = entry.row?.baseUrl;
  const right = known?.recognised.baseUrl;
  const isEmpty = trouble?.kind === "other" || list?.length === 0;
  if (isEmpty && written !== undefined && right !== undefined && !isSamePath(written, right)) {
    const what = `it is there, and has no model list below ${written}`;
    return [
      { check: "path", level: "broken", seen: what, fix: `write baseUrl: ${JSON.stringify(right)} in ${rowOf(seen)}` },
    ];
  }
  if (trouble?.kind !== "other") return [];
  const fix = `see what is at ${written ?? "its address"}: a baseUrl is where a server has /models, mostly http://HOST:PORT/v1`;
  return [{ check: "path", level: "broken", seen: trouble.message, fix }];
};

/** An address without a path means `/v1`. */
function isSamePath(one: string, other: string): boolean {
  const plain = (text: string): string => new URL(text).pathname.replace(/\/+$/, "") || "/v1";
  return URL.canParse(one) && plain(one) === plain(other);
}

const otherPlugin: Judge = (seen) => {
  const { known, plugin } = seen;
  if (known === undefined || plugin === undefined || known.recognised.generic === true) return [];
  if (known.plugin.kind === plugin.plugin.kind) return [];
  const name = known.recognised.name ?? known.plugin.detect?.name ?? known.plugin.kind;
  const fix = `write plugin: ${JSON.stringify(known.package)} in ${rowOf(seen)}`;
  return [{ check: "plugin", level: "warning", seen: `it is ${name}, asked as ${plugin.plugin.kind} is`, fix }];
};

const judges: readonly Judge[] = [row, blocked, border, reachable, key, path, otherPlugin];
