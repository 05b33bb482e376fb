import type { ResolvedAnswer } from "../answer/resolve.ts";
import type { SimModel } from "../backends/model.ts";
import type { JsonObject } from "../json.ts";

/** All that a wire needs to write an answer down. */
export interface Rendering {
  readonly body: JsonObject;
  /** The name that the answer gives as its model. */
  readonly name: string;
  readonly model: SimModel;
  readonly answer: ResolvedAnswer;
  /** Counts answers: the source of every id. */
  readonly serial: number;
  /** Unix seconds. */
  readonly created: number;
}

/** A made-up id: always the same for the same answer. */
export const serialId = (prefix: string, serial: number, length: number, index = 0): string =>
  prefix + `${serial.toString(16)}${index.toString(16).padStart(2, "0")}`.padStart(length, "0");
