import type { FailureKind, Place } from "@headgate/core/provider";
import type { TextWire } from "@headgate/wire";
import { createRandom, maybe, type Random } from "./random.ts";
import {
  boundaries,
  makeProvider,
  makeReloads,
  type ProviderPlan,
  type Reload,
  type Settings,
  wires,
  withLater,
} from "./settings.ts";

/** How an exchange with a backend goes. */
export const ends = [
  "answers",
  /** An HTTP status that is a failure. */
  "status",
  /** A failure inside a 200: a whole body, or a stream's first event. */
  "inside",
  "empty",
  "garbage",
  "cut-before",
  "cut-after",
  /** The connection ends as if all were said, and the answer has no end. */
  "stops-after",
  "error-after",
  "hangs",
  "hangs-before",
  "hangs-after",
  "refused",
  "dns",
  "tls",
  "connect-timeout",
  "reset",
] as const;
export type End = (typeof ends)[number];

/** What a backend does with one attempt. Times in milliseconds. */
export interface Script {
  readonly end: End;
  /** Of a failure that it names. */
  readonly kind: FailureKind;
  readonly retryAfter?: number;
  /** Before its head. */
  readonly delay: number;
  /** Between two pieces of its answer; with 0 they come in one. */
  readonly pace: number;
  readonly pieces: number;
}

export interface RequestPlan {
  /** Milliseconds after the one before. */
  readonly wait: number;
  readonly wire: TextWire;
  readonly stream: boolean;
  /** A route, an alias, a ref, or nothing. */
  readonly model: string | undefined;
  readonly within?: readonly Place[];
  readonly key?: readonly Place[];
  /** The client goes this long after it has asked. */
  readonly leaves?: number;
  /** What each backend does at its first, second, … attempt for this request; the last one goes on. */
  readonly scripts: Readonly<Record<string, readonly Script[]>>;
}

/** All that happens in one run, as data: the same data is the same run. The settings are those that it begins with. */
export interface Scenario extends Settings {
  readonly seed: number;
  readonly requests: readonly RequestPlan[];
  readonly reloads: readonly Reload[];
}

/** What holds for a request that began after so many reloads. */
export const settingsAt = (scenario: Scenario, version: number): Settings =>
  scenario.reloads[version - 1]?.settings ?? scenario;

/** Failures that a backend can name. */
export const nameable: readonly FailureKind[] = [
  "overloaded",
  "rate_limited",
  "quota_exhausted",
  "unauthenticated",
  "forbidden",
  "model_missing",
  "model_loading",
  "model_cold",
  "context_overflow",
  "output_limit",
  "invalid_request",
  "unsupported",
  "content_filtered",
  "refused",
  "policy",
  "bad_answer",
];

export function generate(seed: number): Scenario {
  const random = createRandom(seed);
  const providers = Array.from({ length: 2 + random.below(3) }, (_, index) => makeProvider(random, `p${index}`));
  const within = maybe(random, 0.1, () => random.pick(boundaries));
  const routeWithin = maybe(random, 0.15, () => random.pick(boundaries));
  // What came to be later is drawn apart: a seed goes on to mean what it meant.
  const apart = createRandom(seed ^ 0x5bd1e995);
  const settings = withLater(apart, {
    ...(within && { within }),
    ...(routeWithin && { routeWithin }),
    providers,
  });
  const isStorm = random.chance(0.05);
  const requests = Array.from({ length: isStorm ? 14 : 2 + random.below(5) }, () => makeRequest(random, providers));
  return {
    ...settings,
    seed,
    reloads: makeReloads(apart, settings),
    requests: isStorm ? storm(random, requests) : requests,
  };
}

/** The primary fails for everybody, in one way: what is cooled by that, and what is not? Its sibling is asked late. */
function storm(random: Random, requests: readonly RequestPlan[]): readonly RequestPlan[] {
  const failing: Script = {
    ...makeScript(random),
    end: random.pick(["status", "inside", "refused", "empty"]),
    kind: random.pick(cooling),
    delay: 0,
  };
  return requests.map((request, index) => {
    const isSibling = index >= failuresFirst && index % 2 === 0;
    return {
      ...request,
      wait: Math.min(request.wait, 5000),
      model: isSibling ? "sibling" : "main",
      scripts: { ...request.scripts, p0: [isSibling ? { ...failing, end: "answers" } : failing] },
    };
  });
}

/** So many fail before the sibling is asked; fewer would open no breaker. */
const failuresFirst = 7;

/** What breakers count: of a model, of a provider. */
const cooling: readonly FailureKind[] = ["overloaded", "overloaded", "rate_limited", "bad_answer", "forbidden"];

function makeRequest(random: Random, providers: readonly ProviderPlan[]): RequestPlan {
  const names = ["main", "other", undefined, "Short", `${random.pick(providers).id}/a`];
  const within = maybe(random, 0.15, () => random.pick(boundaries));
  const key = maybe(random, 0.1, () => random.pick(boundaries));
  const leaves = maybe(random, 0.12, () => random.pick([1, 40, 400, 5000, 30_000, 200_000]));
  return {
    wait: random.pick([0, 1, 100, 5000, 60_000]),
    wire: random.pick(wires),
    stream: random.chance(0.5),
    model: random.pick(names),
    ...(within && { within }),
    ...(key && { key }),
    ...(leaves !== undefined && { leaves }),
    scripts: Object.fromEntries(
      providers.map(({ id }) => [id, Array.from({ length: 1 + random.below(3) }, () => makeScript(random))]),
    ),
  };
}

const naming: readonly End[] = ["status", "inside"];

function makeScript(random: Random): Script {
  const retryAfter = maybe(random, 0.3, () => random.pick([0, 100, 400, 2000, 30_000]));
  return {
    end: random.chance(0.4) ? "answers" : random.chance(0.4) ? random.pick(naming) : random.pick(ends),
    // A region that cannot be kept changes what follows: it comes more often than the rest.
    kind: random.chance(0.15) ? "policy" : random.pick(nameable),
    ...(retryAfter !== undefined && { retryAfter }),
    delay: random.pick([0, 1, 20, 3000, 15_000]),
    pace: random.pick([0, 1, 10, 7000]),
    pieces: 1 + random.below(4),
  };
}
