import type { FailureKind } from "@headgate/core/provider";

/** One way to know a failure. All conditions given must hold; a list holds when it contains the reply's value. */
export interface FailureRule {
  readonly kind: FailureKind;
  /** Backend and version that was seen, or is documented, to answer so. */
  readonly source: string;
  /** The HTTP status, or the one that an error inside a 200 names. */
  readonly status?: readonly number[];
  readonly type?: readonly string[];
  readonly code?: readonly string[];
  readonly param?: readonly string[];
  /**
   * Words, where the backend gives nothing else. Named groups are read: `window` and `input` in tokens, `seconds` to wait.
   */
  readonly text?: RegExp;
  /** The message quotes the model that was asked for. */
  readonly namesModel?: true;
  /** Better words than the backend's. */
  readonly message?: string;
}
