const marker = Symbol.for("headgate.WireRequestError");

/** A client's body that cannot be understood, whatever the backend. */
export class WireRequestError extends Error {
  override readonly name = "WireRequestError";
  readonly [marker] = true;
  /** Path of the field at fault: `messages[2].role`. */
  readonly param: string;

  constructor(param: string, message: string) {
    super(message);
    this.param = param;
  }

  /** True for this error, also one of another copy of this package. */
  static isInstance(value: unknown): value is WireRequestError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
