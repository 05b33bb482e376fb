/** What `doctor` asks of every provider and model, in the order in which it tells. */
export const checks = [
  "row",
  "blocked",
  "border",
  "reachable",
  "key",
  "path",
  "plugin",
  "wire",
  "model",
  "window",
  "tools",
  "size",
] as const;

export type CheckName = (typeof checks)[number];

/** What was seen, and the one thing to do about it. */
export interface Finding {
  readonly provider: string;
  /** Absent where it is about the provider as a whole. */
  readonly model?: string;
  readonly check: CheckName;
  /** `broken`: requests fail. `warning`: they may, or not as meant. `skipped`: nobody was asked. */
  readonly level: "ok" | "warning" | "broken" | "skipped";
  readonly seen: string;
  readonly fix?: string;
}

/** A finding less whom it is about. */
export type Said = Omit<Finding, "provider" | "model">;
