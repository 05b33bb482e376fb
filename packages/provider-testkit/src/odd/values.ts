const deep = (levels: number): unknown => {
  let value: unknown = "the bottom";
  for (let level = 0; level < levels; level += 1) value = { error: value };
  return value;
};

const controls = "\u0000\u001b[31mred\u202eevil\u2028\r\nset-cookie: x";

/** Values that a backend, or what stands in front of it, may send where something else was meant. */
export const oddValues: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1,
  4.5e300,
  "",
  " ",
  "text",
  "<html><body>502 Bad Gateway</body></html>",
  controls,
  "x".repeat(64 * 1024),
  " ".repeat(64 * 1024),
  "a1 ".repeat(20_000),
  [],
  [[]],
  [null],
  [{}],
  {},
  JSON.parse('{"__proto__":{"message":"no"},"constructor":null,"toString":1,"length":-1}'),
  Object.create(null),
  deep(500),
  Array.from({ length: 2000 }, (_, index) => ({ index })),
];

/** Every key under which backends put what went wrong, with every odd value. */
const keys = ["error", "message", "detail", "details", "code", "type", "status", "errors", "choices", "response"];

/** Bodies of replies that are no answer, from nothing to what no backend should send. */
export const oddBodies: readonly unknown[] = [
  ...oddValues,
  ...keys.flatMap((key) => oddValues.map((value) => ({ [key]: value }))),
  ...keys.flatMap((key) => oddValues.map((value) => ({ error: { message: "no", [key]: value } }))),
];

/** Headers that say too much, too little or nonsense. */
export const oddHeaders: readonly Readonly<Record<string, string>>[] = [
  {},
  { "retry-after": "" },
  { "retry-after": "soon" },
  { "retry-after": "-5" },
  { "retry-after": "1e400" },
  { "retry-after": "Infinity" },
  { "retry-after": "99999999999999999999" },
  { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", date: "Wed, 21 Oct 2015 07:28:07 GMT" },
  { "retry-after": "Wed, 99 Foo 2015", date: "yesterday" },
  { "retry-after-ms": "NaN", "x-ratelimit-reset-requests": "1h2x", "x-ratelimit-remaining-requests": "0" },
  { "content-type": controls },
];

/** A value with each of its parts replaced by each odd value, one at a time, to the third level. */
export function* mutationsOf(value: unknown, level = 0): Generator<unknown> {
  if (typeof value !== "object" || value === null || level > 2) return;
  for (const [key, part] of Object.entries(value)) {
    const rebuilt = (changed: unknown): unknown =>
      Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
    for (const odd of oddValues) yield rebuilt(odd);
    for (const changed of mutationsOf(part, level + 1)) yield rebuilt(changed);
  }
}
