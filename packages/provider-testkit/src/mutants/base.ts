import {
  type Ask,
  type Call,
  type ConfigResult,
  type ConfigSchema,
  defineProvider,
  type FailedReply,
  type Failure,
  type FailureKind,
  type HttpRequest,
  type JsonObject,
  type ModelFacts,
  type ModelStatus,
  type PlaceEvidence,
  type Provider,
  type ServedCall,
} from "@headgate/core/provider";

/** A row of Meridian. */
export interface Config {
  readonly baseUrl: string;
  readonly region?: "eu";
}

const fault = (key: string, message: string): ConfigResult<Config> => ({ issues: [{ message, path: [key] }] });

export function validate(row: unknown): ConfigResult<Config> {
  const { baseUrl, region, ...rest } = row as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return fault(unknown, "there is no such key");
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) return fault("baseUrl", "baseUrl must be a URL");
  if (region !== undefined && region !== "eu") return fault("region", 'region must be "eu"');
  return { value: region === undefined ? { baseUrl } : { baseUrl, region } };
}

export const properties = { baseUrl: { type: "string" }, region: { enum: ["eu"] } };

export const schema = (change: Partial<ConfigSchema<Config>["~standard"]> = {}): ConfigSchema<Config> => ({
  "~standard": {
    version: 1,
    vendor: "by hand",
    validate,
    jsonSchema: { input: () => ({ type: "object", properties }) },
    ...change,
  },
});

const objectOf = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

const codes: ReadonlyMap<unknown, FailureKind> = new Map([
  ["bad_key", "unauthenticated"],
  ["no_credits", "quota_exhausted"],
  ["too_long", "context_overflow"],
  ["no_model", "model_missing"],
  ["busy", "overloaded"],
]);

const statuses: ReadonlyMap<number, FailureKind> = new Map([
  [401, "unauthenticated"],
  [402, "quota_exhausted"],
  [403, "forbidden"],
  [404, "model_missing"],
  [429, "rate_limited"],
  [503, "overloaded"],
  [529, "overloaded"],
]);

export function failure({ status, headers, body, text }: FailedReply): Failure {
  const { code, message } = objectOf(objectOf(body).error);
  const kind =
    codes.get(code) ?? statuses.get(status) ?? (status >= 400 && status < 500 ? "unsupported" : "bad_answer");
  const said = textOf(message) ?? textOf(text) ?? `status ${status}`;
  const seconds = Number.parseInt(headers["retry-after"] ?? "", 10);
  return { kind, message: said.slice(0, 300), ...(seconds > 0 && { retryAfter: seconds * 1000 }) };
}

const paths: Readonly<Partial<Record<Call["wire"], string>>> = {
  chat: "/chat/completions",
  messages: "/messages",
  embeddings: "/embeddings",
  completions: "/completions",
};

const request = (root: string, { wire, operation, model, headers }: Call): HttpRequest => ({
  url: `${root}${paths[wire]}${operation === "count" ? "/count_tokens" : ""}`,
  headers,
  set: { model: model.id, routing: { order: ["meridian"] } },
});

export async function models(root: string, ask: Ask): Promise<readonly ModelFacts[]> {
  const { status, json } = await ask(`${root}/models`);
  const { data, error } = objectOf(json);
  if (status !== 200 || error !== undefined || !("data" in objectOf(json)) || !Array.isArray(data)) {
    throw new Error(`Meridian gives no model list (status ${status})`);
  }
  const found = new Map<string, ModelFacts>();
  for (const { id, window } of data.map(objectOf)) {
    const contextWindow = typeof window === "number" && Number.isSafeInteger(window) && window > 0 ? window : undefined;
    if (textOf(id) === undefined || found.has(String(id))) continue;
    found.set(String(id), { id: String(id), ...(contextWindow !== undefined && { contextWindow }) });
  }
  return [...found.values()];
}

export async function status(root: string, model: string, ask: Ask): Promise<ModelStatus> {
  await models(root, ask);
  const { json } = await ask(`${root}/models`);
  const row = (objectOf(json).data as readonly JsonObject[]).find(({ id }) => id === model);
  if (row === undefined) return "missing";
  return row.state === "loaded" ? "ready" : "cold";
}

async function load(root: string, model: string, ask: Ask): Promise<void> {
  if ((await status(root, model, ask)) === "ready") return;
  const reply = await ask(`${root}/models/load`, { method: "POST", body: { model } });
  if (reply.status !== 200) throw new Error(`Meridian has not loaded ${model} (status ${reply.status})`);
}

async function evidence(root: string, { generation }: ServedCall, ask: Ask): Promise<PlaceEvidence | undefined> {
  if (!generation) return undefined;
  const { json } = await ask(`${root}/records/${encodeURIComponent(generation)}`);
  const { region } = objectOf(json);
  return typeof region === "string" ? { matches: region === "eu", places: [region] } : undefined;
}

function create({ baseUrl, region }: Config): Provider {
  const { origin, hostname } = new URL(baseUrl);
  const root = baseUrl.replace(/\/+$/, "");
  const place = region ?? (/^(localhost|127\.\d+\.\d+\.\d+)$/.test(hostname) ? "local" : "unknown");
  return {
    wires: { chat: "exact", messages: "approximate", embeddings: "exact", completions: "exact" },
    operations: ["count", "embed", "complete"],
    origins: [origin],
    reserved: ["routing"],
    forwards: ["x-meridian-trace"],
    ...(region !== undefined && { within: [region] }),
    places: () => [place],
    features: () => ["think_tags", "reasoning_input", "media_urls"],
    request: (call) => request(root, call),
    failure,
    observe: ({ body }) => {
      const model = textOf(body.model) ?? textOf(objectOf(body.message).model);
      return model === undefined ? {} : { model };
    },
    models: (ask) => models(root, ask),
    status: (model, ask) => status(root, model, ask),
    load: (model, ask) => load(root, model, ask),
    evidence: (call, ask) => evidence(root, call, ask),
  };
}

/** A plugin that keeps every promise, and uses every part of the contract. */
export const good = defineProvider<Config>({
  contract: 1,
  kind: "meridian",
  config: schema(),
  auth: { header: "authorization", prefix: "Bearer ", env: "MERIDIAN_API_KEY" },
  catalog: [
    { id: "meridian-large", contextWindow: 131_072, tools: true, reasoning: true, input: ["text", "image"] },
    { id: "meridian-small", contextWindow: 32_768 },
  ],
  detect: {
    name: "Meridian",
    ports: [4848],
    start: "meridian serve",
    recognise: async (origin, ask) => {
      const { data } = objectOf((await ask(`${origin}/v1/models`)).json);
      const isOurs = Array.isArray(data) && data.some((row) => objectOf(row).owner === "meridian");
      return isOurs ? { baseUrl: `${origin}/v1` } : undefined;
    },
  },
  create,
});
