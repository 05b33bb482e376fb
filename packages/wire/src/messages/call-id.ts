/** An id in the letters that Anthropic takes: some backends write `functions.get_weather:0`. */
export const spellCallId = (callId: string): string => callId.replace(/[^A-Za-z0-9_-]/g, "_");

/** The ids of one answer's calls, spelled, and still each another. */
export class CallIds {
  readonly #taken = new Set<string>();

  spell(callId: string): string {
    let spelled = spellCallId(callId);
    while (this.#taken.has(spelled)) spelled = `${spelled}_${this.#taken.size}`;
    this.#taken.add(spelled);
    return spelled;
  }
}
