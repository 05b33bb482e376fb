/** The kit cannot start; the message is for its user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
