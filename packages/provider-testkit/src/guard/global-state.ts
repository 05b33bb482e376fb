const shared: readonly (readonly [name: string, object: object])[] = [
  ["globalThis", globalThis],
  ["process", process],
  ["Object.prototype", Object.prototype],
  ["Function.prototype", Function.prototype],
  ["Array.prototype", Array.prototype],
  ["String.prototype", String.prototype],
  ["Promise.prototype", Promise.prototype],
  ["JSON", JSON],
  ["Math", Math],
];

type Snapshot = ReadonlyMap<object, ReadonlyMap<PropertyKey, unknown>>;

/** What everyone in this process shares, as it is now. */
export const takeSnapshot = (): Snapshot => new Map(shared.map(([, object]) => [object, valuesOf(object)]));

/** Accessors count as being there: calling one may do something. */
function valuesOf(object: object): ReadonlyMap<PropertyKey, unknown> {
  return new Map(
    Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)?.value as unknown]),
  );
}

/** What has been added, replaced or removed since. What was added is taken away again. */
export function changesSince(before: Snapshot): readonly string[] {
  return shared.flatMap(([name, object]) => {
    const old = before.get(object) ?? new Map<PropertyKey, unknown>();
    const now = valuesOf(object);
    const added = [...now.keys()].filter((key) => !old.has(key));
    for (const key of added) Reflect.deleteProperty(object, key);
    const gone = [...old.keys()].filter((key) => !now.has(key));
    const replaced = [...old].filter(([key, value]) => now.has(key) && !Object.is(now.get(key), value));
    return [...added, ...gone, ...replaced.map(([key]) => key)].map((key) => `${name}.${String(key)}`);
  });
}
