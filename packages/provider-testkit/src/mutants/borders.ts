import type { AnswerHead, Ask, Boundary, Call, ModelFacts, ServedCall } from "@headgate/core/provider";
import { type Mutant, ofPlugin, ofProvider, ofRequest } from "./mutant.ts";

const hostOf = (baseUrl: string): string => new URL(baseUrl).hostname;

const inEurope = { config: { baseUrl: "${baseUrl}", region: "eu" }, places: ["eu"] };

/** Lies about where requests go, and what goes with them. */
export const borderMutants: readonly Mutant[] = [
  ofRequest("origins-only", "it lets the model choose the host", ({ url }, { model }) => ({
    url: model.id.startsWith("@") ? `${new URL(url).origin}${model.id}` : url,
  })),
  ofRequest("origins-only", "it asks another host to count", ({ url }, { operation }) => ({
    url: operation === "count" ? "https://tokens.meridian.example/count" : url,
  })),
  ofProvider("places-form", "it runs nowhere", () => ({ places: () => [] })),
  ofProvider("places-form", "it runs in a region", () => ({ places: () => ["eu-west-1"] })),
  ofProvider("places-form", "it writes countries in capitals", () => ({ places: () => ["DE"] })),
  ofProvider("places-never-local", "it takes its own network for its own machine", ({ places }, { baseUrl }) => ({
    places: (model: ModelFacts, within: Boundary) =>
      /^(10|192\.168|172)\./.test(hostOf(baseUrl)) ? ["local"] : places(model, within),
  })),
  ofProvider("places-never-local", "it looks at the beginning of a name", ({ places }, { baseUrl }) => ({
    places: (model: ModelFacts, within: Boundary) =>
      /^(localhost|127\.)/.test(hostOf(baseUrl)) ? ["local"] : places(model, within),
  })),
  ofProvider("places-never-local", "it is local wherever it is", () => ({ places: () => ["local"] })),
  ofProvider("places-proven", "it reads places in host names", ({ places }, { baseUrl }) => ({
    places: (model: ModelFacts, within: Boundary) =>
      /\bus-/.test(hostOf(baseUrl)) ? ["us"] : /\.de$/.test(hostOf(baseUrl)) ? ["de"] : places(model, within),
  })),
  ofProvider("places-proven", "it reads places in models' names", ({ places }) => ({
    places: (model: ModelFacts, within: Boundary) => (model.id.includes("large") ? ["us"] : places(model, within)),
  })),
  ofProvider("places-proven", "it takes what it does not know for Europe", ({ places }) => ({
    places: (model: ModelFacts, within: Boundary) => (model.data === undefined ? ["eu"] : places(model, within)),
  })),
  ofProvider("places-within", "it says yes to every boundary", () => ({
    places: (_: ModelFacts, within: Boundary) => within ?? ["unknown"],
  })),
  ofProvider("boundary-kept", "it says yes to every boundary, and is believed", () => ({
    places: (_: ModelFacts, within: Boundary) => within ?? ["unknown"],
  })),
  ofProvider("places-declared", "its region is another", () => ({ within: undefined, places: () => ["us"] }), inEurope),
  ofProvider(
    "places-within",
    "its region is what is asked for",
    () => ({ within: undefined, places: (_: ModelFacts, within: Boundary) => within ?? ["eu"] }),
    inEurope,
  ),
  ofRequest("reserved-removed", "it adds to what the client wants", ({ set }, { body }: Call) => ({
    set: { ...set, routing: { client: body.routing } },
  })),
  ofProvider("reserved-removed", "it lets the client's wish through under another name", ({ request }) => ({
    request: (call: Call) => {
      const shaped = request(call);
      return { ...shaped, set: { ...shaped.set, provider: call.body.routing ?? null } };
    },
  })),
  ofProvider("evidence-proves", "it takes silence for proof", () => ({ evidence: async () => ({ matches: true }) })),
  ofProvider("evidence-proves", "it looks for what is wrong alone", () => ({
    evidence: async (_: ServedCall, ask: Ask) => {
      const { json } = await ask("http://127.0.0.1:9/records").catch(() => ({ json: {} }));
      return { matches: (json as { region?: string } | undefined)?.region !== "us" };
    },
  })),
  ofProvider("evidence-through-host", "it looks for records elsewhere", () => ({
    evidence: async (_: ServedCall, ask: Ask) => {
      await ask("https://records.meridian.example/latest").catch(() => {});
    },
  })),
  ofProvider("evidence-through-host", "it looks for records by itself", () => ({
    evidence: async () => {
      await fetch("http://127.0.0.1:9/records");
    },
  })),

  ofProvider("forwards-no-credentials", "it forwards the client's key", () => ({ forwards: ["x-api-key"] })),
  ofProvider("forwards-no-credentials", "it forwards the client's cookies", () => ({ forwards: ["cookie"] })),
  ofPlugin("forwards-no-credentials", "it forwards its own header", {
    auth: { header: "api-key" },
    create: (config: never) => ({ ...ofPlugin("", "", {}).plugin.create(config), forwards: ["api-key"] }),
  }),
  ofProvider("observe-hides-headers", "it warns with all headers", () => ({
    observe: ({ headers }: AnswerHead) => ({ warning: JSON.stringify(headers).slice(0, 200) }),
  })),
  ofProvider("secrets-hidden", "it shouts what it hears", ({ failure }) => ({
    failure: (reply: never) => ({ ...failure(reply), message: failure(reply).message.toUpperCase() }),
  })),
];
