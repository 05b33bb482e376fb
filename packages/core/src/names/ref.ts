/** One model of one provider. */
export interface Ref {
  /** The row's key in `models.providers`. */
  readonly provider: string;
  /** The model's id, verbatim. */
  readonly model: string;
  /** Both, as they are written: `provider/model`. */
  readonly text: string;
}

/** Whether a row of `models.providers` may have this key: letters, digits, `.`, `_`, `-`, and no blank or slash. */
export function isProviderId(id: string): boolean {
  return id.length <= 100 && /^[A-Za-z0-9][\w.-]*$/.test(id);
}

/** Reads `provider/model`, split at the first slash; `undefined` when it is none. */
export function parseRef(text: string): Ref | undefined {
  const slash = text.indexOf("/");
  if (slash < 1 || slash === text.length - 1) return undefined;
  const provider = text.slice(0, slash);
  if (!isProviderId(provider)) return undefined;
  return { provider, model: text.slice(slash + 1), text };
}
