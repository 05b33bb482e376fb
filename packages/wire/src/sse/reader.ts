/** One server-sent event. */
export interface SseEvent {
  /** The `event:` line, or `""`. */
  readonly event: string;
  /** The `data:` lines joined by `\n`. */
  readonly data: string;
}

/** Bounds of a {@link SseReader}. */
export interface SseReaderOptions {
  /**
   * Most that one event, or one unfinished line, may hold, counted in UTF-16 units (never more than its bytes).
   * @default 16 MiB
   */
  readonly maxEventBytes?: number;
}

const defaultMaxEventBytes = 16 * 1024 * 1024;

/** An event, or a line without an end, is larger than the reader's bound. */
export class SseTooLargeError extends Error {
  override readonly name = "SseTooLargeError";
  readonly limit: number;

  constructor(limit: number) {
    super(`A server-sent event is larger than ${limit} bytes.`);
    this.limit = limit;
  }
}

/**
 * Cuts bytes into server-sent events, however they were chunked: CR, LF and CRLF, comments, multi-line data, a byte
 * order mark, UTF-8 split between chunks. Work is linear in the bytes read.
 */
export class SseReader {
  readonly #decoder = new TextDecoder();
  readonly #max: number;
  /** Pieces of a line whose end has not come yet. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #event = "";
  #data: string | undefined;
  /** The last chunk ended in CR: a LF that opens the next one belongs to it. */
  #afterReturn = false;

  constructor(options: SseReaderOptions = {}) {
    this.#max = options.maxEventBytes ?? defaultMaxEventBytes;
  }

  /**
   * Events completed by these bytes.
   * @throws SseTooLargeError when an event passes the bound; the reader is of no use afterwards.
   */
  push(chunk: Uint8Array): SseEvent[] {
    const out: SseEvent[] = [];
    this.#feed(this.#decoder.decode(chunk, { stream: true }), out);
    return out;
  }

  /** The last event, where the stream ended without the blank line that should close it. */
  end(): SseEvent[] {
    const out: SseEvent[] = [];
    this.#feed(this.#decoder.decode(), out);
    if (this.#pieces.length > 0) this.#feed("\n", out);
    this.#dispatch(out);
    return out;
  }

  #feed(decoded: string, out: SseEvent[]): void {
    if (decoded === "") return;
    const text = this.#afterReturn || decoded.includes("\r") ? this.#normalise(decoded) : decoded;
    let start = 0;
    if (this.#pieces.length > 0) {
      const end = text.indexOf("\n");
      if (end === -1) {
        this.#keep(text);
        return;
      }
      this.#pieces.push(text.slice(0, end));
      const line = this.#pieces.join("");
      this.#pieces = [];
      this.#piecesLength = 0;
      this.#line(line, 0, line.length, out);
      start = end + 1;
    }
    for (let end = text.indexOf("\n", start); end !== -1; end = text.indexOf("\n", start)) {
      this.#line(text, start, end, out);
      start = end + 1;
    }
    if (start < text.length) this.#keep(start === 0 ? text : text.slice(start));
  }

  #normalise(text: string): string {
    const rest = this.#afterReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#afterReturn = text.endsWith("\r");
    return rest.replace(/\r\n?/g, "\n");
  }

  #keep(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.#piecesLength += text.length;
    this.#bound(this.#piecesLength + (this.#data?.length ?? 0));
  }

  #line(text: string, start: number, end: number, out: SseEvent[]): void {
    if (start === end) {
      this.#dispatch(out);
      return;
    }
    if (text.startsWith("data:", start)) {
      this.#addData(text.slice(valueStart(text, start + 5), end));
      return;
    }
    if (text.startsWith("event:", start)) {
      this.#event = text.slice(valueStart(text, start + 6), end);
      return;
    }
    const line = text.slice(start, end);
    if (line === "data") this.#addData("");
    else if (line === "event") this.#event = "";
    // Comments, `id`, `retry` and unknown fields mean nothing here.
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    this.#bound(this.#data.length);
  }

  #dispatch(out: SseEvent[]): void {
    if (this.#data !== undefined) out.push({ event: this.#event, data: this.#data });
    this.#event = "";
    this.#data = undefined;
  }

  #bound(length: number): void {
    if (length > this.#max) throw new SseTooLargeError(this.#max);
  }
}

/** Where a field's value starts: one blank after the colon does not count. */
const valueStart = (text: string, colonEnd: number): number =>
  text.charCodeAt(colonEnd) === 0x20 ? colonEnd + 1 : colonEnd;
