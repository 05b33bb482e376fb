/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  /** True this often. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** A linear walk through 32 bits, well mixed: enough for choices, and two operations a number. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: <Item>(items: readonly Item[]) => items[below(items.length)] as Item,
  };
}

/** Something, this often. */
export const maybe = <Value>(random: Random, probability: number, make: () => Value): Value | undefined =>
  random.chance(probability) ? make() : undefined;
