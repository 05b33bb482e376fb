/** A word, if it is one of those that a field takes. */
export const oneOf = <const Word extends string>(words: readonly Word[], value: string | undefined): Word | undefined =>
  words.find((word) => word === value);
