import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Block, BlockStore } from "@headgate/core";

/** The name of the file in the state folder. */
export const blocksFile = "blocked.json";

/** Blocks that outlive a restart. Another process may take one away, and does, with `headgate status --reset`. */
export interface BlockFile extends BlockStore {
  /** Takes a block away; false where there was none. */
  clear(provider: string): boolean;
}

/** Milliseconds between two looks at the file, and only while something is blocked. */
const lookEvery = 1000;

type Blocks = ReadonlyMap<string, Block>;

/** Reads the blocks of a state folder. Never throws: what is wrong with the file is told to `onFault`, and memory counts. */
export function openBlocks(
  folder: string,
  onFault: (error: unknown) => void,
  now: () => number = () => performance.now(),
): BlockFile {
  const file = join(folder, blocksFile);
  let lookedAt = now();
  let version = versionOf(file);
  let blocks = read(file, onFault) ?? new Map<string, Block>();
  const look = (): void => {
    lookedAt = now();
    const found = versionOf(file);
    if (found === version) return;
    version = found;
    blocks = read(file, onFault) ?? blocks;
  };
  const write = (next: Blocks): void => {
    blocks = next;
    try {
      save(folder, file, next);
    } catch (error) {
      onFault(error);
    }
    version = versionOf(file);
  };
  return {
    get: (provider) => {
      if (blocks.has(provider) && now() - lookedAt >= lookEvery) look();
      return blocks.get(provider);
    },
    set: (provider, block) => {
      look();
      write(new Map([...blocks, [provider, block]]));
    },
    clear: (provider) => {
      look();
      if (!blocks.has(provider)) return false;
      write(new Map([...blocks].filter(([id]) => id !== provider)));
      return true;
    },
  };
}

/** Changes with every write; empty without a file. */
function versionOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/** `undefined` where the file cannot be read: who was blocked stays so. */
function read(file: string, onFault: (error: unknown) => void): Blocks | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return new Map(Object.entries(value ?? {}).filter((entry): entry is [string, Block] => isBlock(entry[1])));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    onFault(error);
    return undefined;
  }
}

const isBlock = (value: unknown): value is Block =>
  typeof value === "object" && value !== null && "reason" in value && typeof value.reason === "string";

/** Written whole under another name first, for its owner alone. */
function save(folder: string, file: string, blocks: Blocks): void {
  if (blocks.size === 0) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(Object.fromEntries(blocks), null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
