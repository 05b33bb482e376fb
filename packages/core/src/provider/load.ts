/**
 * How a model is, in its backend's own eyes.
 *
 * - `ready` it answers at once
 * - `loading` it is on its way into memory
 * - `cold` it is there, and has to be loaded before it answers
 * - `missing` the backend does not have it
 */
export type ModelStatus = "ready" | "loading" | "cold" | "missing";

/** How far a load is. */
export interface LoadProgress {
  /** From 0 to 1. Absent where the backend does not tell. */
  readonly fraction?: number;
}
