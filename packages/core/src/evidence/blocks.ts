/** Why a provider is asked for nothing more. */
export interface Block {
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Which providers are blocked. Asked on every request's way: it must answer at once, from memory. */
export interface BlockStore {
  get(provider: string): Block | undefined;
  set(provider: string, block: Block): void;
}

/** Forgets with the process. */
export function createMemoryBlocks(): BlockStore {
  const blocks = new Map<string, Block>();
  return {
    get: (provider) => blocks.get(provider),
    set: (provider, block) => void blocks.set(provider, block),
  };
}
