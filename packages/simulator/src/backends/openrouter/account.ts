/** A provider of `GET /providers`. Countries as they are told there: upper case, or `null`. */
export interface SimProvider {
  readonly slug: string;
  readonly name: string;
  readonly headquarters: string | null;
  readonly datacenters: readonly string[] | null;
}

/** A provider's way to one model. */
export interface SimEndpoint {
  /** `provider`, `provider/quantization`, `provider/region/tier`. */
  readonly tag: string;
  /** As answers call it. */
  readonly provider: string;
  /** It fails; another one is tried where that is allowed. */
  readonly down?: boolean;
  /** It retains nothing. Default true. */
  readonly zdr?: boolean;
}

/** What is particular to a simulated OpenRouter. Read anew for every request, so that a test may change it. */
export interface SimOpenRouter {
  providers: readonly SimProvider[];
  /** By model; others have one endpoint of their author's. */
  endpoints: Readonly<Record<string, readonly SimEndpoint[]>>;
  /** This is the host of a region. Default: the global one. */
  region?: "europe" | "us";
  /** The account may use the host of a region. Default false: its key gets 401 there. */
  business?: boolean;
  /** Look-ups of a generation that find no record yet. Default 1. */
  recordDelay?: number;
  /** The word is not kept: this provider answers, whatever the request allows. */
  strays?: string;
  /** An own key of the account is used. Default false. */
  byok?: boolean;
}

const provider = (
  slug: string,
  name: string,
  headquarters: string | null,
  datacenters: readonly string[] | null,
): SimProvider => ({ slug, name, headquarters, datacenters });

/** A few of many. What the real list lacks is lacking here: countries of some, data centres of more. */
const simProviders: readonly SimProvider[] = [
  provider("openai", "OpenAI", "US", null),
  provider("google-vertex", "Google", "US", null),
  provider("moonshotai", "Moonshot AI", "SG", ["SG"]),
  provider("z-ai", "Z.AI", null, null),
  provider("minimax", "Minimax", null, null),
  provider("alibaba", "Alibaba", "SG", ["SG", "CN"]),
  provider("novita", "Novita", "US", null),
  provider("parasail", "Parasail", "US", ["US"]),
  provider("baseten", "BaseTen", "US", ["US"]),
  provider("deepinfra", "DeepInfra", "US", ["US", "NL"]),
  provider("mistral", "Mistral", "FR", ["FR"]),
  provider("nebius", "Nebius", "NL", ["FI", "FR"]),
];

const endpoint = (tag: string, name: string): SimEndpoint => ({ tag, provider: name });

export const simEndpoints: Readonly<Record<string, readonly SimEndpoint[]>> = {
  "z-ai/glm-5": [
    endpoint("z-ai/fp8", "Z.AI"),
    endpoint("novita/fp8", "Novita"),
    endpoint("deepinfra/turbo", "DeepInfra"),
    endpoint("parasail/fp8", "Parasail"),
    endpoint("baseten", "BaseTen"),
    endpoint("mistral/nvfp4", "Mistral"),
    endpoint("nebius/fp8", "Nebius"),
    endpoint("google-vertex/us-east5", "Google"),
    endpoint("google-vertex/europe", "Google"),
    endpoint("google-vertex/global/flex", "Google"),
    endpoint("sambanova-turbo", "SambaNova"),
  ],
  "moonshotai/kimi-k3": [endpoint("moonshotai/mxfp4", "Moonshot AI"), endpoint("alibaba", "Alibaba")],
  "minimax/minimax-m2.1": [endpoint("minimax/highspeed", "Minimax"), endpoint("parasail/fp8", "Parasail")],
  "openai/gpt-5.5": [endpoint("openai", "OpenAI"), endpoint("openai/priority", "OpenAI")],
  "openai/text-embedding-3-small": [endpoint("openai", "OpenAI"), endpoint("baseten", "BaseTen")],
};

/** An ordinary account at the global host. */
export const ordinaryAccount = (): SimOpenRouter => ({ providers: simProviders, endpoints: simEndpoints });

export const endpointsFor = ({ endpoints }: SimOpenRouter, id: string): readonly SimEndpoint[] =>
  endpoints[id] ?? [endpoint(id.split("/")[0] ?? id, id.split("/")[0] ?? id)];
