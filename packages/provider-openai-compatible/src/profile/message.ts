const longest = 300;

/** What looks like a key: some backends quote the one they refuse. */
const keys = /\b(?:sk|pk|key)-[\w-]{4,}(?::[\w-]+)?|\bBearer\s+[^\s"',]+/gi;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a log or a header.
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** A backend's words made fit for a client: one line, no control characters, no key, at most 300 characters. */
export function cleanMessage(text: string): string {
  const bounded = text
    .slice(0, 4 * longest)
    .replace(controls, " ")
    .replace(keys, "[key]")
    .replace(/\s+/g, " ")
    .trim();
  return (bounded.length > longest ? `${bounded.slice(0, longest - 1)}…` : bounded).toWellFormed();
}
