import { isLoopbackHost, type Operation, type Wire } from "@headgate/core/provider";

/** A base URL as the user meant it, whether it was written with or without its version. */
export interface BaseUrl {
  /** `scheme://host[:port]`. */
  readonly origin: string;
  /** Everything before the wire's own path, version included, without a trailing slash: `http://127.0.0.1:8000/v1`. */
  readonly root: string;
  /** `root` without its version: where a backend keeps its native API. */
  readonly server: string;
  /** The query that the user wrote, with its `?`, or nothing. */
  readonly query: string;
  /** The host is this machine's loopback. A name that merely may resolve to it is not. */
  readonly loopback: boolean;
  /** Where each wire is spoken. */
  readonly urls: Readonly<Record<Wire, string>>;
}

/** `/v1`, and what others call it: `/v1beta`, `/api/v3`, `/paas/v4`. */
const versionSegment = /\/v\d+[a-z0-9]*(?=\/|$)/i;

/**
 * What is wrong with a base URL, in words for the user; `undefined` when it can be used.
 * Credentials and fragments are refused: the one leaks, the other hides the path from the server.
 */
export function baseUrlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not an absolute URL: write it like http://127.0.0.1:8000/v1";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return "must start with http:// or https://";
  if (url.username !== "" || url.password !== "") return "must not hold credentials: put the key into apiKey";
  if (text.includes("#")) return "must not hold a # fragment";
  return undefined;
}

/**
 * Reads a base URL. One without any version in its path gets `/v1`; a path of its own (`/api/v1`, `/openai/v1`) is kept.
 *
 * @throws Error when {@link baseUrlFault} finds a fault.
 */
export function readBaseUrl(text: string): BaseUrl {
  const fault = baseUrlFault(text);
  if (fault !== undefined) throw new Error(`baseUrl ${fault}`);
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  const root = url.origin + (versionSegment.test(path) ? path : `${path}/v1`);
  return {
    origin: url.origin,
    root,
    server: root.replace(/\/v\d+[a-z0-9]*$/i, ""),
    query: url.search,
    loopback: isLoopbackHost(url.hostname),
    urls: {
      chat: `${root}/chat/completions${url.search}`,
      responses: `${root}/responses${url.search}`,
      messages: `${root}/messages${url.search}`,
      embeddings: `${root}/embeddings${url.search}`,
      completions: `${root}/completions${url.search}`,
    },
  };
}

/** What an operation adds to the path of its wire. */
const tails: Readonly<Record<Operation, string>> = {
  generate: "",
  count: "/count_tokens",
  embed: "",
  complete: "",
  compact: "/compact",
};

/**
 * Where a wire is spoken, or an operation on it.
 *
 * @throws Error for an operation of a newer contract.
 */
export function wireUrl(base: BaseUrl, wire: Wire, operation: Operation = "generate"): string {
  const tail = tails[operation];
  if (tail === undefined) throw new Error(`operation ${String(operation)} is not served`);
  const url = base.urls[wire];
  return tail === "" ? url : url.slice(0, url.length - base.query.length) + tail + base.query;
}
