import type { ModelFacts, TransportRequest } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { type Watched, watchLookup } from "../guard/watch.ts";
import { type Bench, withBench } from "../host/bench.ts";
import { askBackend, createLookups, type LookupReply, type Lookups, mostQuestions } from "../host/lookups.ts";
import { endless, oddListsOf } from "../odd/lists.ts";
import type { Subject } from "../subject.ts";
import { messageOf, show, stringsIn } from "../text.ts";
import { factFaults } from "./facts.ts";

const noLookup = (subject: Subject): string | undefined => {
  if (subject.make().models === undefined) return "the plugin has no models()";
  return subject.backend.lists ? undefined : "the backend has no model list";
};

export type Network = (request: TransportRequest) => LookupReply | Promise<LookupReply>;

/** A look-up that has ended. */
interface Looked extends Watched<readonly ModelFacts[]> {
  readonly lookups: Lookups;
}

/** Calls `models()` as the host does, over a network of our own. */
async function lookUp(subject: Subject, { provider, entry }: Bench, network: Network): Promise<Looked> {
  const lookups = createLookups(entry, network);
  const wanted = [subject.model.id, "a-model-that-is-not-there"];
  const watched = await watchLookup(async () => (await provider.models?.(lookups.ask, wanted)) ?? []);
  return { ...watched, lookups };
}

/** The backend itself. */
export const live =
  ({ backend }: Bench): Network =>
  (request) =>
    askBackend(backend.origin, request);

/** What a backend has replied to a look-up, by path. */
type Recorded = ReadonlyMap<string, LookupReply>;

const pathOf = ({ url }: TransportRequest): string => new URL(url).pathname;

/** Looks up once, and keeps the replies. */
async function record(subject: Subject, bench: Bench): Promise<Recorded> {
  const replies = new Map<string, LookupReply>();
  await lookUp(subject, bench, async (request) => {
    const reply = await askBackend(bench.backend.origin, request);
    replies.set(pathOf(request), reply);
    return reply;
  });
  return replies;
}

/** The same replies again, one of them changed. */
const replayed =
  (replies: Recorded, path: string, json: unknown): Network =>
  (request) => {
    const reply = replies.get(pathOf(request)) ?? { status: 404, text: "{}" };
    return pathOf(request) === path ? { ...reply, text: JSON.stringify(json) ?? "" } : reply;
  };

/** Replies that are JSON. */
const listsIn = (replies: Recorded): readonly (readonly [path: string, json: unknown])[] =>
  [...replies].filter(([, { status }]) => status === 200).map(([path, { text }]) => [path, jsonOf(text)] as const);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A case over one bench, for plugins that have `models()`. */
const lookupCase = (id: string, reason: string, run: (subject: Subject, bench: Bench) => Promise<Findings>): Case => ({
  id,
  topic: "discovery",
  reason,
  spares: noLookup,
  run: (subject) => withBench(subject, {}, (bench) => run(subject, bench)),
});

const modelsListed = lookupCase(
  "models-listed",
  "`models()` gives what the backend lists, each once, with facts of the right kinds.",
  async (subject, bench) => {
    const { result = [], thrown } = await lookUp(subject, bench, live(bench));
    if (thrown !== undefined) return [`it throws: ${messageOf(thrown)}`];
    const isThere = result.some(({ id }) => id === subject.model.id);
    const missing = isThere
      ? []
      : [`${subject.model.id}, which the backend has, is not among ${show(result.map(({ id }) => id))}`];
    return [...missing, ...factFaults(result)];
  },
);

const modelsThroughHost = lookupCase(
  "models-through-host",
  "`models()` asks through the `Ask` that it is given, declared origins alone, and looks nowhere else.",
  async (subject, bench) => {
    const { reached, lookups } = await lookUp(subject, bench, live(bench));
    const redirect = await lookUp(subject, bench, () => ({
      status: 307,
      text: "",
      headers: { location: "https://elsewhere.example/v1/models" },
    }));
    const strays = [...lookups.strays, ...redirect.lookups.strays].map(
      (url) => `it asks ${url}, which is no origin of its own`,
    );
    return [...reached.map((what) => `models() ${what}`), ...new Set(strays)];
  },
);

const modelsNoLoad = lookupCase(
  "models-no-load",
  "Looking loads nothing: what is asked is the list, never an answer, and nothing is posted but to look it up.",
  async (subject, bench) => {
    const { lookups } = await lookUp(subject, bench, live(bench));
    const posts = lookups.asked.filter(({ method, url }) => method === "POST" && !isLookup(subject, url));
    return posts.map(({ url }) => `it posts to ${new URL(url).pathname}`);
  },
);

const isLookup = ({ backend }: Subject, url: string): boolean => backend.lookups.includes(new URL(url).pathname);

const modelsOddLists = lookupCase(
  "models-odd-lists",
  "A list that is empty, huge, doubled, or holds what it should not, makes it neither throw nor invent.",
  async (subject, bench) => {
    const replies = await record(subject, bench);
    const findings = new Set<string>();
    for (const [path, list] of listsIn(replies)) {
      const others = listsIn(replies).filter(([other]) => other !== path);
      for (const { what, json } of oddListsOf(list)) {
        const looked = await lookUp(subject, bench, replayed(replies, path, json));
        for (const fault of oddities(subject, what, [json, others], looked)) findings.add(`${fault}, of ${what}`);
        if (findings.size >= 5) return [...findings];
      }
    }
    return [...findings];
  },
);

/** What of a look-up comes from nowhere. Where there is no list, to throw is right. */
function oddities({ plugin }: Subject, what: string, json: unknown, { result, thrown }: Looked): Findings {
  if (thrown !== undefined) {
    const isRefusal = thrown instanceof Error && !(thrown instanceof TypeError) && !(thrown instanceof RangeError);
    return isRefusal && /for the list|no list/.test(what) ? [] : [`it throws ${messageOf(thrown)}`];
  }
  if (!Array.isArray(result)) return [`it gives ${show(result)}`];
  const said = new Set(stringsIn(json));
  const numbers = new Set(numbersIn(json));
  const catalog = new Map((plugin.catalog ?? []).map((model) => [model.id, model]));
  const invented = result.flatMap(({ id, contextWindow, maxTokens }) => {
    const own = catalog.get(id);
    const counts = [contextWindow, maxTokens].filter((count) => count !== undefined);
    const made = counts.filter(
      (count) => !numbers.has(count) && count !== own?.contextWindow && count !== own?.maxTokens,
    );
    return [
      ...(said.has(id) ? [] : [`it invents the model ${show(id)}`]),
      ...made.map((count) => `it invents the number ${count} for ${show(id)}`),
    ];
  });
  return [...invented, ...factFaults(result)];
}

/** Numbers, and texts that are some. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") return /^\d+$/.test(value) ? [Number(value)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

const modelsEnd = lookupCase(
  "models-end",
  "A list that says for ever that there is another page is left at some page.",
  async (subject, bench) => {
    const replies = await record(subject, bench);
    const findings: string[] = [];
    for (const [path, list] of listsIn(replies)) {
      const { lookups } = await lookUp(subject, bench, replayed(replies, path, endless(list)));
      const { length } = lookups.asked;
      if (length >= mostQuestions) findings.push(`it has asked ${length} times, ${path} the last, and goes on`);
    }
    return findings;
  },
);

const page = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/** What is no list. */
export const troubles: readonly LookupReply[] = [
  { status: 401, text: '{"error":{"message":"who are you?"}}' },
  { status: 404, text: '{"detail":"Not Found"}' },
  { status: 500, text: "" },
  { status: 503, text: page },
  { status: 200, text: page },
  { status: 200, text: "" },
  { status: 200, text: '{"error":"Unexpected endpoint or method."}' },
];

const modelsTrouble = lookupCase(
  "models-trouble",
  "Where the backend gives no list, `models()` throws an Error with a plain message: no list is not an empty one.",
  async (subject, bench) => {
    const findings: string[] = [];
    for (const reply of troubles) {
      const { result, thrown } = await lookUp(subject, bench, () => reply);
      const at = `${reply.status} ${show(reply.text)}`;
      if (thrown === undefined) findings.push(`of ${at} it makes ${show(result)}`);
      else if (!(thrown instanceof Error) || thrown instanceof TypeError || thrown.message === "") {
        findings.push(`of ${at} it throws ${show(messageOf(thrown))}`);
      } else if (thrown.message.length > 1000) findings.push(`of ${at} it throws ${thrown.message.length} characters`);
    }
    return findings;
  },
);

/** What `models()` finds out of the subject's model; the facts alone where it finds nothing. */
export async function factsFound(subject: Subject, bench: Bench): Promise<ModelFacts> {
  if (bench.provider.models === undefined) return subject.model;
  const { result = [] } = await lookUp(subject, bench, live(bench));
  return { ...result.find(({ id }) => id === subject.model.id), ...subject.model, readAt: 1_790_000_000_000 };
}

export const discoveryCases: readonly Case[] = [
  modelsListed,
  modelsThroughHost,
  modelsNoLoad,
  modelsOddLists,
  modelsEnd,
  modelsTrouble,
];
