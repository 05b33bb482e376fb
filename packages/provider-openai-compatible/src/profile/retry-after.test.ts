import { expect, test } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

test.each<[string, Record<string, string>, number, number | undefined]>([
  ["whole seconds", { "retry-after": "5" }, 503, 5000],
  ["fractions", { "retry-after": "0.25" }, 429, 250],
  ["milliseconds, which win", { "retry-after-ms": "120", "retry-after": "5" }, 429, 120],
  [
    "a date against the reply's own date",
    { "retry-after": "Sat, 21 Nov 2026 09:20:00 GMT", date: "Sat, 21 Nov 2026 09:19:30 GMT" },
    429,
    30_000,
  ],
  [
    "a date that is past",
    { "retry-after": "Sat, 21 Nov 2026 09:19:00 GMT", date: "Sat, 21 Nov 2026 09:19:30 GMT" },
    429,
    0,
  ],
  ["a date alone, for want of a clock", { "retry-after": "Sat, 21 Nov 2026 09:20:00 GMT" }, 429, undefined],
  ["nonsense", { "retry-after": "soon" }, 429, undefined],
  ["a negative number", { "retry-after": "-3" }, 429, undefined],
  [
    "the limit that is spent",
    { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" },
    429,
    360_000,
  ],
  ["milliseconds in Go's way", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "12ms" }, 429, 12],
  ["several units", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1h2m3.5s" }, 429, 3_723_500],
  [
    "a limit that has some left",
    { "x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "1s" },
    429,
    undefined,
  ],
  [
    "limits of a status that is none",
    { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1s" },
    503,
    undefined,
  ],
  [
    "a reset that is a timestamp",
    { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1795252980" },
    429,
    undefined,
  ],
])("reads %s", (_, headers, status, wait) => {
  expect(readRetryAfter(headers, status)).toBe(wait);
});
