import type { Ask, AskReply, ModelFacts, Recognised } from "@headgate/core/provider";
import { good, models } from "./base.ts";
import { type Mutant, ofPlugin, ofProvider, ofRequest } from "./mutant.ts";

type LookUp = (ask: Ask, root: string) => Promise<readonly unknown[]>;

const looking = (breaks: string, lie: string, lookUp: LookUp): Mutant =>
  ofProvider(breaks, lie, (_, { baseUrl }) => ({ models: (ask: Ask) => lookUp(ask, baseUrl) }));

type Look = (origin: string, ask: Ask) => Promise<Recognised | undefined>;

const detecting = (breaks: string, lie: string, recognise: Look): Mutant =>
  ofPlugin(breaks, lie, { detect: { ...good.detect, recognise } });

const recognised: Look = async (origin, ask) => good.detect?.recognise(origin, ask);

interface Row {
  readonly id: string;
  readonly window?: number;
}

const rowsOf = ({ json }: AskReply): readonly Row[] => (json as { readonly data: readonly Row[] }).data;

/** Lies about what a backend has, and about operations. */
export const discoveryMutants: readonly Mutant[] = [
  detecting("detect-own", "it finds nothing, not even its own server", async () => undefined),
  detecting("detect-own", "it finds its server elsewhere", async (origin, ask) => {
    const found = await recognised(origin, ask);
    return found && { ...found, baseUrl: "https://api.meridian.example/v1" };
  }),
  detecting("detect-own", "it gives an address that no row may have", async (origin, ask) => {
    const found = await recognised(origin, ask);
    return found && { ...found, baseUrl: "meridian" };
  }),
  detecting("detect-others", "whatever answers is its own", async (origin, ask) => {
    await ask(origin);
    return { baseUrl: `${origin}/v1` };
  }),
  detecting("detect-others", "any list of models is its own", async (origin, ask) => {
    const { json } = await ask(`${origin}/v1/models`);
    const { data } = (json ?? {}) as { readonly data?: unknown };
    return Array.isArray(data) ? { baseUrl: `${origin}/v1` } : undefined;
  }),
  detecting("detect-harmless", "it tries the server out", async (origin, ask) => {
    await ask(`${origin}/v1/chat/completions`, { method: "POST", body: { messages: [] } }).catch(() => {});
    return recognised(origin, ask);
  }),
  detecting("detect-harmless", "it tells its maker what it sees", async (origin, ask) => {
    await ask(`https://meridian.example/seen?at=${encodeURIComponent(origin)}`).catch(() => {});
    return recognised(origin, ask);
  }),
  detecting("detect-harmless", "it looks by itself", async (origin, ask) => {
    await fetch(`${origin}/v1/models`).catch(() => {});
    return recognised(origin, ask);
  }),
  looking("models-listed", "it lists what it likes", async (ask, root) => (await models(root, ask)).slice(1)),
  looking("models-listed", "it renames models", async (ask, root) =>
    (await models(root, ask)).map((model) => ({ ...model, id: `meridian/${model.id}` })),
  ),
  looking("models-listed", "its windows are texts", async (ask, root) =>
    (await models(root, ask)).map((model) => ({ ...model, contextWindow: `${model.contextWindow}` })),
  ),
  looking("models-listed", "it throws where there is a list", async () => {
    throw new Error("not today");
  }),
  looking("models-through-host", "it asks by itself", async (ask, root) => {
    await fetch(`${root}/models`).catch(() => {});
    return models(root, ask);
  }),
  looking("models-through-host", "it asks a registry of its own", async (ask, root) => {
    await ask("https://registry.meridian.example/models").catch(() => {});
    return models(root, ask);
  }),
  looking("models-through-host", "it looks for models in a variable", async (ask, root) => {
    const list = await models(root, ask);
    return process.env.MERIDIAN_MODELS === undefined ? list : [];
  }),
  looking("models-no-load", "it tries a model out", async (ask, root) => {
    const body = { model: "meridian-large", messages: [{ role: "user", content: "ping" }], max_tokens: 1 };
    await ask(`${root}/chat/completions`, { method: "POST", body });
    return models(root, ask);
  }),
  looking("models-no-load", "it loads what it finds", async (ask, root) => {
    await ask(`${root}/models/load`, { method: "POST", body: { model: "meridian-large" } });
    return models(root, ask);
  }),
  looking("models-odd-lists", "it expects a model", async (ask, root) => {
    const list = await models(root, ask);
    if (list.length === 0) throw new Error("Meridian has no models");
    return list;
  }),
  looking("models-odd-lists", "it knows windows that nobody told it", async (ask, root) =>
    (await models(root, ask)).map((model) => ({ contextWindow: 4096, ...model })),
  ),
  looking("models-odd-lists", "it always has a model", async (ask, root) => {
    const list = await models(root, ask);
    return list.length > 0 ? list : [{ id: "default" } satisfies ModelFacts];
  }),
  looking("models-odd-lists", "it trusts every row", async (ask, root) => {
    const list = await models(root, ask);
    const rows = rowsOf(await ask(`${root}/models`));
    return rows.map(({ id }) => list.find((model) => model.id === id.trim()) ?? { id });
  }),
  looking("models-odd-lists", "it lists a model as often as it is told", async (ask, root) => {
    await models(root, ask);
    return rowsOf(await ask(`${root}/models`)).flatMap((row) =>
      typeof row?.id === "string" && row.id !== "" ? [{ id: row.id }] : [],
    );
  }),
  looking("models-end", "it reads every page", async (ask, root) => {
    const found = new Map<string, ModelFacts>();
    let more = true;
    for (let page = 0; more; page += 1) {
      const { json } = await ask(`${root}/models?page=${page}`);
      for (const model of await models(root, async () => ({ status: 200, headers: {}, text: "", json })))
        found.set(model.id, model);
      more = (json as { has_more?: boolean } | undefined)?.has_more === true;
    }
    return [...found.values()];
  }),
  looking("models-trouble", "it takes trouble for an empty list", async (ask, root) =>
    models(root, ask).catch(() => []),
  ),
  looking("models-trouble", "it trusts that there is a list", async (ask, root) => {
    const rows = rowsOf(await ask(`${root}/models`));
    return rows.map(({ id }) => ({ id }));
  }),
  looking("models-hide-key", "it throws what it was told", async (ask, root) => {
    const { status, text } = await ask(`${root}/models`);
    if (status !== 200) throw new Error(`status ${status}: ${text}`);
    return models(root, ask);
  }),
  ofRequest("operations-served", "it embeds where there is nothing", ({ url }, { operation }) => ({
    url: operation === "embed" ? url.replace("/embeddings", "/embed") : url,
  })),
  ofRequest("operations-served", "it counts by answering", ({ url }) => ({ url: url.replace("/count_tokens", "") })),
  ofRequest("operations-served", "it completes by chatting", ({ url }) => ({
    url: url.replace("/v1/completions", "/v1/chat/completions"),
  })),
];
