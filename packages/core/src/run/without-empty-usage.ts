import type { Opened } from "./commit.ts";
import type { PassThrough } from "./pass-through.ts";
import type { Pipe } from "./pipe.ts";
import { decodeText, joinBytes } from "./read-reply.ts";

const emptyUsage = /,\s*"usage":\s*null(?=\s*[,}])/g;

/** Most text of a line that is held for its end: a longer one is an image or the like. */
const maxLine = 64 * 1024;

/**
 * True where a backend of chat says `usage: null` in every chunk though nobody has asked for any, which
 * @openrouter/sdk 1.3.19 fails on. Who asks gets it: it is OpenAI's own form, and such clients know it.
 */
export function saysEmptyUsage({ run, admitted, held }: Opened): boolean {
  if (admitted.wire !== "chat" || asksForUsage(run.inbound.json.stream_options)) return false;
  return decodeText(joinBytes(held)).search(emptyUsage) >= 0;
}

const asksForUsage = (options: unknown): boolean =>
  (options as { readonly include_usage?: unknown } | null | undefined)?.include_usage === true;

/** The upstream's bytes but for the usage that is none. Within an answer's words its quotes would be escaped. */
export class WithoutEmptyUsage implements Pipe {
  readonly #through: PassThrough;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** A line whose end has not come. */
  #line = "";

  constructor(through: PassThrough) {
    this.#through = through;
  }

  get end(): Pipe["end"] {
    return this.#through.end;
  }

  get failure(): Pipe["failure"] {
    return this.#through.failure;
  }

  begin(): string {
    return this.#strip(this.#through.begin());
  }

  push(chunk: Uint8Array): string {
    return this.#strip(this.#through.push(chunk));
  }

  finish(left?: boolean): string {
    const rest = this.#line + this.#decoder.decode();
    this.#line = "";
    return rest.replaceAll(emptyUsage, "") + this.#through.finish(left);
  }

  isOver(): boolean {
    return this.#through.isOver();
  }

  isFinished(): boolean {
    return this.#through.isFinished();
  }

  report(failure: Parameters<Pipe["report"]>[0]): string {
    return this.#through.report(failure);
  }

  #strip(bytes: Uint8Array): string {
    const text = this.#line + this.#decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    const whole = text.length - end > maxLine ? text.length : end;
    this.#line = text.slice(whole);
    return text.slice(0, whole).replaceAll(emptyUsage, "");
  }
}
