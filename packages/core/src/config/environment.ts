import type { ConfigPath } from "./path.ts";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A fault found while reading the plain value, before its shape is looked at. */
export interface ValueFault {
  readonly path: ConfigPath;
  readonly message: string;
  readonly fix: string;
  /** What is written there, where it may be shown. */
  readonly value?: string;
}

const deepest = 40;

/**
 * A copy of the file's value with `${NAME}` filled in; `$${NAME}` stands for itself. A text with a fault stays as it
 * is written.
 */
export function fillIn(
  value: unknown,
  environment: Environment,
): { readonly value: unknown; readonly faults: readonly ValueFault[] } {
  const faults: ValueFault[] = [];
  const copy = (part: unknown, path: ConfigPath): unknown => {
    if (typeof part === "string") return fillInText(part, path, environment, faults);
    if (typeof part !== "object" || part === null) return part;
    if (path.length > deepest) {
      faults.push({ path, message: `nested more than ${deepest} deep`, fix: "write it flatter" });
      return undefined;
    }
    if (Array.isArray(part)) return part.map((item, index) => copy(item, [...path, index]));
    return copyObject(part, path);
  };
  const copyObject = (part: object, path: ConfigPath): unknown => {
    const entries = Object.entries(part).filter(([key, item]) => {
      if (key === "__proto__") {
        faults.push({ path: [...path, key], message: "no name for anything", fix: "take another name" });
      }
      return key !== "__proto__" && item !== undefined;
    });
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, [...path, key])]));
  };
  return { value: copy(value, []), faults };
}

function fillInText(text: string, path: ConfigPath, environment: Environment, faults: ValueFault[]): string {
  let whole = true;
  const filled = text.replace(/\$?\$\{([^}]*)\}/g, (written, name: string) => {
    if (written.startsWith("$$")) return written.slice(1);
    const value = lookUp(environment, name);
    if (value !== undefined) return value;
    whole = false;
    faults.push({ path, ...describe(name, written) });
    return written;
  });
  return whole ? filled : text;
}

function lookUp(environment: Environment, name: string): string | undefined {
  // An empty variable is how shells and compose files spell a missing one.
  return Object.hasOwn(environment, name) ? environment[name] || undefined : undefined;
}

function describe(name: string, written: string): Omit<ValueFault, "path"> {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return { value: written, message: "not a variable's name", fix: "write ${NAME}, or $${…} for the text itself" };
  }
  return {
    value: written,
    message: `the environment variable ${name} is not set`,
    fix: `set ${name} where Headgate starts, or write the value here`,
  };
}
