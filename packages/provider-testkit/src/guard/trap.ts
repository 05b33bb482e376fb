/** What a plugin has no business with. */
export type Reach = "io" | "environment" | "clock" | "random" | "timer" | "state";

/** Called when something trapped is reached for. */
export type Meet = (reach: Reach, name: string) => void;

/** A place where a function, or an object, hangs that is replaced while a plugin is watched. */
export interface Trap {
  readonly owner: object;
  readonly key: PropertyKey;
  /** As its user would write it: `fs.readFileSync`. */
  readonly name: string;
  readonly reach: Reach;
}

/** The same function, or class, that says when it is used. */
export function trapped<Original extends object>(original: Original, { name, reach }: Trap, meet: Meet): Original {
  const stand: Original = new Proxy(original, {
    apply(target, self, args) {
      meet(reach, name);
      return Reflect.apply(target as () => unknown, self, args);
    },
    construct(target, args, newTarget) {
      meet(reach, `new ${name}`);
      const made = (newTarget === stand ? target : newTarget) as new () => object;
      return Reflect.construct(target as new () => object, args, made);
    },
  });
  return stand;
}

/** The traps of functions that an object has or inherits. Default: all of its own. */
export function trapsOf(owner: object, prefix: string, reach: Reach, only?: readonly string[]): readonly Trap[] {
  return (only ?? Object.keys(owner))
    .filter((key) => isTrappable(owner, key))
    .map((key) => ({ owner, key, name: `${prefix}${key}`, reach }));
}

function isTrappable(owner: object, key: string): boolean {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  return own?.configurable !== false && typeof Reflect.get(owner, key) === "function";
}

/** Puts a value in a place; the result puts back what was there. */
export function replace(owner: object, key: PropertyKey, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, key);
  const enumerable = before?.enumerable ?? false;
  Object.defineProperty(owner, key, { configurable: true, enumerable, writable: true, value });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, key);
    else Object.defineProperty(owner, key, before);
  };
}
