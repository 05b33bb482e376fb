/** Keys from the root of the file down. */
export type ConfigPath = readonly (string | number)[];

/** A path as people write it: `models.providers.lmstudio.models[0]`, other keys in quotes: `routes["my.route"]`. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The reverse of {@link formatPath}; quotes may be single ones. `undefined` when it is no path. */
export function parsePath(text: string): ConfigPath | undefined {
  const step = /(?:(^|\.)([^.[\]"'=\s]+))|\[(?:(\d+)|("(?:[^"\\]|\\.)*"|'[^']*'))\]/y;
  const path: (string | number)[] = [];
  while (step.lastIndex < text.length) {
    const start = step.lastIndex;
    const match = step.exec(text);
    if (match === null || (match[1] === "." && start === 0)) return undefined;
    const [, , key, index, quoted] = match;
    const read = key ?? (index === undefined ? unquote(quoted ?? "") : Number(index));
    if (read === undefined) return undefined;
    path.push(read);
  }
  return path.length === 0 ? undefined : path;
}

function unquote(quoted: string): string | undefined {
  if (quoted.startsWith("'")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
