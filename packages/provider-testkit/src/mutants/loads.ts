import type { Ask, ModelStatus } from "@headgate/core/provider";
import { status } from "./base.ts";
import { type Mutant, ofProvider } from "./mutant.ts";

type Look = (model: string, ask: Ask, root: string) => Promise<unknown>;

const looking = (breaks: string, lie: string, look: Look): Mutant =>
  ofProvider(breaks, lie, (_, { baseUrl }) => ({ status: (model: string, ask: Ask) => look(model, ask, baseUrl) }));

const loading = (breaks: string, lie: string, load: Look): Mutant =>
  ofProvider(breaks, lie, (_, { baseUrl }) => ({ load: (model: string, ask: Ask) => load(model, ask, baseUrl) }));

const saying = (breaks: string, lie: string, change: (told: ModelStatus) => unknown): Mutant =>
  looking(breaks, lie, async (model, ask, root) => change(await status(root, model, ask)));

/** Lies about what is in memory. */
export const loadMutants: readonly Mutant[] = [
  looking("status-looks", "it tries a model out to see whether it is there", async (model, ask, root) => {
    const body = { model, messages: [{ role: "user", content: "ping" }], max_tokens: 1 };
    const reply = await ask(`${root}/chat/completions`, { method: "POST", body });
    return reply.status === 200 ? "ready" : "missing";
  }),
  looking("status-looks", "it loads a model in order to say that it is loaded", async (model, ask, root) => {
    await ask(`${root}/models/load`, { method: "POST", body: { model } });
    return status(root, model, ask);
  }),
  looking("status-through-host", "it looks by itself", async (model, ask, root) => {
    await fetch(`${root}/models`).catch(() => {});
    return status(root, model, ask);
  }),
  looking("status-through-host", "it asks a monitor elsewhere", async (model, ask, root) => {
    await ask(`https://monitor.meridian.example/${model}`).catch(() => {});
    return status(root, model, ask);
  }),
  saying("status-true", "it finds nothing", () => "missing"),
  saying("status-true", "it takes whatever is not there for cold", (told) => (told === "missing" ? "cold" : told)),
  saying("status-true", "it says a word of its own", (told) => (told === "ready" ? "hot" : told)),
  looking("status-trouble", "it takes trouble for cold", (model, ask, root) =>
    status(root, model, ask).catch(() => "cold"),
  ),
  looking("status-trouble", "it takes trouble for ready", (model, ask, root) =>
    status(root, model, ask).catch(() => "ready"),
  ),
  loading("load-once", "it loads what is there", async (model, ask, root) => {
    await ask(`${root}/models/load`, { method: "POST", body: { model } });
  }),
  loading("load-trouble", "it takes trouble for a load", async (model, ask, root) => {
    await ask(`${root}/models/load`, { method: "POST", body: { model } });
  }),
  loading("load-trouble", "it loads nothing, and says nothing of it", async () => {}),
];
