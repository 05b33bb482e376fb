import type { PivotTool } from "./types.ts";

/** What the client calls a tool that its backend knows under another name or kind. */
export interface ToolOrigin {
  /** `answer`: a tool that stands in for structured output; its arguments are the answer's text. */
  readonly kind: "function" | "custom" | "answer";
  readonly name: string;
  readonly namespace?: string;
}

/** Longest name that every backend takes. */
const maxName = 64;

/** The property of the function tool that carries a custom tool's free text. */
export const customInput = "input";

/**
 * How tools are spelled for one backend, so that calls come back under the client's names: names with a namespace
 * become one, those with odd characters or of great length become plain, custom tools become functions.
 */
export class ToolNames {
  readonly #spelled = new Map<string, string>();
  readonly #origins = new Map<string, ToolOrigin>();
  readonly #taken = new Set<string>();
  #changed = false;

  /** True when no call has to be renamed or changed in kind. */
  get isPlain(): boolean {
    return !this.#changed;
  }

  /** The backend's name for a tool of the client's; the same for the same tool, unique among all. */
  spell(name: string, namespace?: string, kind: ToolOrigin["kind"] = "function"): string {
    const key = `${namespace ?? ""}\n${name}`;
    const known = this.#spelled.get(key);
    if (known !== undefined) return known;
    const spelled = this.#unique(plain(namespace === undefined ? name : `${namespace}__${name}`));
    this.#spelled.set(key, spelled);
    this.#origins.set(spelled, { kind, name, ...(namespace === undefined ? {} : { namespace }) });
    this.#taken.add(spelled);
    if (spelled !== name || namespace !== undefined || kind !== "function") this.#changed = true;
    return spelled;
  }

  /** Spells every tool in order, before any call in the history is spelled: declared tools keep the nicest names. */
  declare(tools: readonly PivotTool[], kindOf: (tool: PivotTool) => ToolOrigin["kind"]): void {
    for (const tool of tools) this.spell(tool.name, tool.namespace, kindOf(tool));
  }

  /** What the client calls a tool; `undefined` for one that was never spelled. */
  origin(spelled: string): ToolOrigin | undefined {
    return this.#origins.get(spelled);
  }

  #unique(name: string): string {
    if (!this.#taken.has(name)) return name;
    for (let count = 2; ; count++) {
      const suffix = `_${count}`;
      const unique = name.slice(0, maxName - suffix.length) + suffix;
      if (!this.#taken.has(unique)) return unique;
    }
  }
}

function plain(name: string): string {
  const spelled = name.replace(/[^A-Za-z0-9_-]/g, "_");
  if (spelled === "") return "tool";
  if (spelled.length <= maxName) return spelled;
  // The end tells long names apart (`mcp__server__tool`); the sum tells apart those that share it.
  const suffix = `_${checksum(name)}`;
  return spelled.slice(0, 16) + spelled.slice(-(maxName - 16 - suffix.length)) + suffix;
}

/** FNV-1a, as eight hexadecimal digits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
