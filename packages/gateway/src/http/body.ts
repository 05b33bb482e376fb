import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";

/** Why a body was not read, with the status that says so. */
export interface BodyRefusal {
  readonly status: 413 | 415 | 400;
  readonly code: string;
  readonly message: string;
  /** The rest was not read: the connection cannot be used again. */
  readonly close: boolean;
}

const unpackers = new Map<string, Unpack>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
]);

/**
 * Reads a request's body as text, at most `limit` bytes of it before and after unpacking.
 * Resolves with `undefined` when the client leaves half-way.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<string | BodyRefusal | undefined> {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(tooLarge(limit));
  if (encoding === "identity") return collect(request, limit, (bytes) => bytes.toString("utf8"));
  const unpack = unpackers.get(encoding);
  if (unpack !== undefined) return readPacked(request, limit, encoding, unpack);
  const message = `content-encoding ${encoding.slice(0, 40)} is not read here; send identity, gzip or deflate`;
  return Promise.resolve({ status: 415, code: "unsupported_content_encoding", message, close: true });
}

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

async function readPacked(
  request: IncomingMessage,
  limit: number,
  encoding: string,
  unpack: Unpack,
): Promise<string | BodyRefusal | undefined> {
  const bytes = await collect(request, limit, (all) => all);
  if (!Buffer.isBuffer(bytes)) return bytes;
  try {
    return (await unpack(bytes, { maxOutputLength: limit })).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return tooLarge(limit);
    return { status: 400, code: "invalid_body", message: `the body is not valid ${encoding}`, close: false };
  }
}

function tooLarge(limit: number): BodyRefusal {
  return {
    status: 413,
    code: "request_too_large",
    message: `the body is larger than ${limit} bytes (gateway.maxBody)`,
    close: true,
  };
}

function collect<Result>(
  request: IncomingMessage,
  limit: number,
  finish: (bytes: Buffer) => Result,
): Promise<Result | BodyRefusal | undefined> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let rest: Buffer[] | undefined;
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) {
        request.off("data", take);
        request.pause();
        resolve(tooLarge(limit));
      } else if (first === undefined) first = chunk;
      else {
        rest ??= [first];
        rest.push(chunk);
      }
    };
    request.on("data", take);
    request.on("end", () => resolve(finish(rest === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest))));
    // A client that leaves half-way is an error to Node, as long as someone listens.
    request.on("error", () => resolve(undefined));
  });
}
