/** Something in the user's file, or in what it names, that is not in order. */
export interface ConfigProblem {
  /**
   * An `error` without `provider` means that the file is not to be served; with one, that this provider is off and the
   * rest serves. A `warning` changes nothing.
   */
  readonly severity: "error" | "warning";
  /** Where: `models.providers.lmstudio.baseUrl`; keys with dots or slashes in quotes. Empty for the file itself. */
  readonly path: string;
  /** What is written there, short; never a secret. */
  readonly value?: string;
  /** What is wrong. */
  readonly message: string;
  /** The way out. */
  readonly fix: string;
  /** The one provider that is affected. */
  readonly provider?: string;
}

/** A problem for people, in two lines: what is wrong where, and the way out. */
export function formatProblem({ severity, path, value, message, fix, provider }: ConfigProblem): string {
  const place = path === "" ? "config" : path;
  const found = value === undefined ? "" : ` (found ${value})`;
  const reach = provider !== undefined && severity === "error" ? ` Provider ${provider} is off; the rest serves.` : "";
  return `${severity}: ${place}: ${message}${found}.${reach}\n  fix: ${fix}`;
}
