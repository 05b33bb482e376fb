type Headers = Readonly<Record<string, string>>;

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
};

/**
 * How long a backend wants to be left alone, in milliseconds. A date is measured against the reply's own `date`: there is
 * no clock here. Durations of `x-ratelimit-reset-*` count only in a 429, and only for a limit that has nothing left.
 */
export function readRetryAfter(headers: Headers, status: number): number | undefined {
  return (
    milliseconds(headers["retry-after-ms"], 1) ??
    milliseconds(headers["retry-after"], 1000) ??
    untilDate(headers) ??
    (status === 429 ? untilReset(headers) : undefined)
  );
}

function milliseconds(value: string | undefined, unit: number): number | undefined {
  if (value === undefined || !/^\s*\d{1,9}(?:\.\d+)?\s*$/.test(value)) return undefined;
  return Math.ceil(Number(value) * unit);
}

function untilDate(headers: Headers): number | undefined {
  const wait = Date.parse(headers["retry-after"] ?? "") - Date.parse(headers.date ?? "");
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function untilReset(headers: Headers): number | undefined {
  const waits = ["requests", "tokens"]
    .filter((limit) => headers[`x-ratelimit-remaining-${limit}`]?.trim() === "0")
    .map((limit) => goDuration(headers[`x-ratelimit-reset-${limit}`]))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** `1s`, `6m0s`, `12ms`, `1h2m3.5s`. */
function goDuration(value: string | undefined): number | undefined {
  const text = value?.trim() ?? "";
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    total += Number(amount) * (units[unit ?? ""] ?? 0);
  }
  return Math.ceil(total);
}
