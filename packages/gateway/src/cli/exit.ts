/** Exit codes, one meaning each. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** A command cannot go on; the message is for its user. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
