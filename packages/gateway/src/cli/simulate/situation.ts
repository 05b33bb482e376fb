import {
  nearNames,
  parseDuration,
  parseRef,
  parseTrouble,
  type Router,
  type Situation,
  type Trouble,
  troubleWords,
} from "@headgate/core";
import { CommandFailure } from "../exit.ts";
import type { SimulationOptions } from "./options.ts";

/** Whom the flags can mean: the candidates of the name that is asked for. */
export interface Cast {
  readonly model: string;
  readonly refs: readonly string[];
  readonly directory: Router["directory"];
}

/** Milliseconds that a load takes unless the flag says how long. */
const usualLoad = 30_000;

/**
 * What the flags say of the backends.
 *
 * @throws CommandFailure where one means nobody, or nothing.
 */
export function readWeather(
  { fail = [], cold = [] }: SimulationOptions,
  cast: Cast,
): Required<Pick<Situation, "failing" | "cold">> {
  return {
    failing: new Map(fail.map((text) => readFailing(text, cast))),
    cold: new Map(cold.flatMap((text) => readCold(text, cast))),
  };
}

function readFailing(text: string, cast: Cast): readonly [string, Trouble] {
  const end = text.lastIndexOf("=");
  const how = text.slice(end + 1);
  const who = whoIsMeant(`--fail ${text}`, text.slice(0, end), cast);
  const trouble = parseTrouble(how);
  if (trouble !== undefined) return [who, trouble];
  const near = nearNames(how, troubleWords);
  const way = near.length > 0 ? askedBack(near) : ` There are ${troubleWords.join(", ")}.`;
  throw new CommandFailure(`--fail ${text}: ${quoted(how)} is no status from 400 to 599 and no failure.${way}`);
}

/** A provider stands for all of its models. */
function readCold(text: string, cast: Cast): readonly (readonly [string, number])[] {
  const end = text.lastIndexOf("=");
  const told = end < 0 ? undefined : parseDuration(text.slice(end + 1));
  const who = whoIsMeant(`--cold ${text}`, told === undefined ? text : text.slice(0, end), cast);
  const refs = cast.refs.filter((ref) => ref === who || providerOf(ref) === who);
  return refs.map((ref) => [ref, told ?? usualLoad]);
}

/** A flag that changes nothing has been mistyped. */
function whoIsMeant(flag: string, who: string, { model, refs, directory }: Cast): string {
  const providers = [...new Set(refs.map(providerOf))];
  if (refs.includes(who) || providers.includes(who)) return who;
  const aliases = directory.names().filter(({ kind }) => kind === "alias");
  const meant = aliases.find(({ name }) => name.toLowerCase() === who.toLowerCase())?.refs[0]?.text;
  if (meant !== undefined && refs.includes(meant)) return meant;
  const near = nearNames(who, [...refs, ...providers]);
  const way = near.length > 0 ? askedBack(near) : ` Its candidates: ${refs.join(", ")}.`;
  throw new CommandFailure(`${flag}: ${quoted(who)} is no candidate of ${model}, and no provider of one.${way}`);
}

const providerOf = (ref: string): string => parseRef(ref)?.provider ?? ref;

const quoted = (text: string): string => JSON.stringify(text);

const askedBack = (near: readonly string[]): string => ` Did you mean ${near.map(quoted).join(" or ")}?`;
