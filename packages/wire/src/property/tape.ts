import fc from "fast-check";

/** What texts are made of beside the word that makes each one unique. */
const wrappings: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => `Say ${word} twice.`,
  (word) => `"${word}"\n\\n\t{}`,
  (word) => `  ${word}  `,
  (word) => `ü€𝄞 ${word} 漢字`,
  (word) => `<think>${word}</think>`,
  (word) => `{"input":"${word}"}`,
  (word) => `${word}\r\n\r\ndata: [DONE]\u2028`,
  (word) => `\ud83d${word}`,
];

/**
 * The choices of a generator, read off a list of bytes: cheap, and a shorter list of smaller bytes makes a simpler thing,
 * so that a failure shrinks. Every text it gives holds a word of its own (`w12x`), by which it is found again.
 */
export class Tape {
  readonly #bytes: Uint8Array;
  #at = 0;
  #words = 0;
  #marks = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A number from 0 to `count - 1`; 0 once the tape has run out. */
  below(count: number): number {
    const byte = this.#bytes[this.#at++] ?? 0;
    return byte % count;
  }

  /** True about once in `count`; never once the tape has run out. */
  oneIn(count: number): boolean {
    return this.below(count) === count - 1;
  }

  pick<Value>(list: readonly [Value, ...Value[]]): Value {
    return list[this.below(list.length)] ?? list[0];
  }

  /** At most `most` values. */
  many<Value>(most: number, make: (index: number) => Value): Value[] {
    return Array.from({ length: this.below(most + 1) }, (_, index) => make(index));
  }

  /** The value about every second time, `undefined` else. */
  maybe<Value>(make: () => Value): Value | undefined {
    return this.below(2) === 1 ? make() : undefined;
  }

  word(): string {
    return `w${++this.#words}x`;
  }

  text(): string {
    return this.pick(wrappings as [(word: string) => string])(this.word());
  }

  /** Base64 in which the word can be read. */
  base64(): string {
    const word = this.word();
    return word + "A".repeat((4 - (word.length % 4)) % 4);
  }

  /** A mark of the cache now and then; four at most, as Anthropic has it. */
  cacheMark(): { readonly cache_control?: { readonly type: "ephemeral" } } {
    return this.oneIn(4) && this.#marks++ < 4 ? { cache_control: { type: "ephemeral" } } : {};
  }

  /** A small JSON object whose values hold words. */
  object(): Record<string, unknown> {
    const value = this.pick<unknown>([this.text(), 1.5, true, null, [this.text()], { deep: this.text() }]);
    return this.pick<Record<string, unknown>>([{ a: value }, { a: value, "b c": this.text() }, {}]);
  }
}

/** Tapes long enough for a conversation of some twenty items. */
export const tapes = (length: number): fc.Arbitrary<Tape> =>
  fc.uint8Array({ maxLength: length, size: "max" }).map((bytes) => new Tape(bytes));

/** How often a property is tried: the environment may ask for more. */
export const runs = (usual: number): number => Number(process.env.PROPERTY_RUNS ?? usual);
