import type { ConfigPath } from "./path.ts";

const secretKey = /(keys?|token|secret|passw(or)?d|credentials?|auth|authorization|cookie)$/i;

/** Whether what is written at this path may be a secret. */
function isSecretPath(path: ConfigPath): boolean {
  return path.some((step) => typeof step === "string" && (step === "headers" || secretKey.test(step)));
}

/** A value of the file for a message: short, and without what may be a secret. `undefined`: better not shown. */
export function showValue(value: unknown, path: ConfigPath): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (isSecretPath(path)) return undefined;
  const text = JSON.stringify(typeof value === "string" ? withoutCredentials(value) : value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

// Addresses carry keys as user:password@ and as ?key=…; a value that was pasted wrong still has to be recognised.
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/\s]*@/, "//…@").replace(/[?#].*$/s, "?…");
}
