import type { Seal, TextWire } from "@headgate/wire";

/** Seals remembered at most. */
const mostSeals = 8192;

/** Where secrets stand in the frames of each wire. */
const secrets: Readonly<Record<TextWire, readonly { readonly mark: string; readonly pattern: RegExp }[]>> = {
  chat: [],
  messages: [
    { mark: '"signature"', pattern: /"signature"\s*:\s*"([^"]{16,})"/g },
    { mark: '"redacted_thinking"', pattern: /"data"\s*:\s*"([^"]{16,})"/g },
  ],
  responses: [{ mark: '"encrypted_content"', pattern: /"encrypted_content"\s*:\s*"([^"]{16,})"/g }],
};

/**
 * Who made which seal, where the client holds it bare: answers that pass through untouched carry no name of their maker.
 * Bounded, in memory: after a restart a seal of the same wire gets the benefit of the doubt.
 */
export class SealMakers {
  readonly #makers = new Map<string, string>();

  /** Notes the seals in a piece of an answer's text. */
  note(wire: TextWire, text: string, provider: string): void {
    for (const { mark, pattern } of secrets[wire]) {
      if (!text.includes(mark)) continue;
      for (const [, value] of text.matchAll(pattern)) if (value !== undefined) this.#add(value, provider);
    }
  }

  /** Whether a seal may go to a provider. */
  judge(seal: Seal, provider: string): "own" | "foreign" {
    const maker = seal.provider ?? this.#makers.get(keyOf(seal.value));
    return maker === undefined || maker === provider ? "own" : "foreign";
  }

  #add(value: string, provider: string): void {
    const key = keyOf(value);
    this.#makers.delete(key);
    this.#makers.set(key, provider);
    if (this.#makers.size <= mostSeals) return;
    const [oldest] = this.#makers.keys();
    if (oldest !== undefined) this.#makers.delete(oldest);
  }
}

/** The ends of long secrets differ: they are ciphertext. */
const keyOf = (value: string): string => value.slice(-48);
