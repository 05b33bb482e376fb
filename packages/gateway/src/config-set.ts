import { type ConfigPath, type ConfigProblem, parsePath } from "@headgate/core";
import json5 from "json5";

/** One `--set path=value`, read. */
interface Assignment {
  readonly path: ConfigPath;
  readonly value: unknown;
}

// Every object has these; a path through them would change all objects of the process.
const unsafeKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Applies `--set` options to the value of a config file, in their order, and gives back the new value. An option that
 * cannot be applied is a problem, and changes nothing.
 */
export function applySets(
  value: unknown,
  sets: readonly string[],
): { readonly value: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const changed = sets.reduce((current, text) => {
    const assignment = readSet(text);
    if (typeof assignment === "string") {
      problems.push(toProblem(text, assignment));
      return current;
    }
    const next = structuredClone(current);
    const fault = assign(next, assignment);
    if (fault === undefined) return next;
    problems.push(toProblem(text, fault));
    return current;
  }, value ?? {});
  return { value: changed, problems };
}

function readSet(text: string): Assignment | string {
  // Keys in quotes may hold the sign too.
  const [, written, rest] = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^="'])+)=([\s\S]*)$/.exec(text) ?? [];
  const path = written === undefined ? undefined : parsePath(written.trim());
  if (path === undefined || rest === undefined) return "not a path, an equals sign and a value";
  const unsafe = path.find((step) => unsafeKeys.has(String(step)));
  if (unsafe !== undefined) return `${unsafe} is no key of a config`;
  return { path, value: readValue(rest) };
}

/** JSON5 where it parses, else the text itself. */
function readValue(text: string): unknown {
  try {
    return json5.parse(text);
  } catch {
    return text;
  }
}

/** Changes `root`; missing objects on the way are made. Says what stands in the way. */
function assign(root: unknown, { path, value }: Assignment): string | undefined {
  let holder = root;
  for (const [depth, step] of path.entries()) {
    if (!isContainer(holder)) return `${JSON.stringify(path[depth - 1] ?? "the config")} holds no keys`;
    if (Array.isArray(holder)) {
      if (typeof step !== "number" || step > holder.length) return `a list has no place ${JSON.stringify(step)}`;
    }
    if (depth === path.length - 1) holder[step] = value;
    else {
      if (!Object.hasOwn(holder, step) || holder[step] === undefined) holder[step] = {};
      holder = holder[step];
    }
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}

function toProblem(text: string, message: string): ConfigProblem {
  // What comes after the sign may be a key.
  const [path = ""] = text.split("=", 1);
  return {
    severity: "error",
    path: `--set ${path.slice(0, 100)}`,
    message,
    fix: "write --set gateway.port=0, or --set 'models.providers[\"my.box\"].baseUrl=http://127.0.0.1:1234/v1'",
  };
}
