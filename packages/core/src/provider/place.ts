/**
 * Where inference runs: `local`, a lower-case ISO 3166 country code (`us`, `de`), `eu`, or `unknown`.
 * Proven or declared, never guessed.
 */
export type Place = string;

/**
 * The places a request may reach; `undefined` means anywhere. `local` lies inside every boundary, `unknown` inside
 * none, and `eu` contains its members' codes.
 */
export type Boundary = readonly Place[] | undefined;
