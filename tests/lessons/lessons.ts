import type { Lesson } from "./lesson.ts";
import { cold } from "./list/cold.ts";
import { context } from "./list/context.ts";
import { errors } from "./list/errors.ts";
import { missed } from "./list/missed.ts";
import { names } from "./list/names.ts";
import { network } from "./list/network.ts";
import { operation } from "./list/operation.ts";
import { security } from "./list/security.ts";
import { words } from "./list/words.ts";
import { wrong } from "./list/wrong.ts";

/** All of them, by the headings of docs/lessons.md. */
export const lessons: Readonly<Record<string, readonly Lesson[]>> = {
  "Errors that were misread": errors,
  "Cold models and clocks": cold,
  "Fallback that did not come": missed,
  "Fallback that did harm": wrong,
  "Names and the config": names,
  "Words, tools and thoughts": words,
  Windows: context,
  "Addresses, regions and plugins": network,
  "Running for long": operation,
  "Doors and keys": security,
};
