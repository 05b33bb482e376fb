import type { WireFeature } from "./pivot/features.ts";
import type { Ledger } from "./pivot/ledger.ts";
import type { ToolNames } from "./pivot/tool-names.ts";
import type { AnswerEvent, JsonObject, PivotRequest, TextWire, Usage, WireFault } from "./pivot/types.ts";
import type { SseEvent } from "./sse/reader.ts";

/** What a writer must know to put an answer on a client's wire. */
export interface AnswerContext {
  /** Used where the upstream gave no id; unique per request, without a prefix. */
  readonly id: string;
  /** Used where the upstream did not name the model. */
  readonly model: string;
  /** Seconds since 1970, used where the upstream gave no time. */
  readonly created: number;
  /** The client's own body, for the fields that a Responses object echoes and for chat's `stream_options`. */
  readonly request: JsonObject;
  /** Takes what of the answer the client's wire has no form for. Default: nobody is told. */
  readonly ledger?: Ledger;
  /** Told of the whole answer, as the client gets it, when it has come to a good end. Responses only. */
  readonly onResponse?: (response: JsonObject) => void;
}

/** What a request writer must know of the backend. */
export interface WriteOptions {
  /** As the backend spells it. */
  readonly model: string;
  /** Used where the wire demands a limit and the client gave none. Default 4096. */
  readonly maxOutputTokens?: number;
  /** What the backend takes beyond the plain form of its wire. Default: nothing. */
  readonly features?: ReadonlySet<WireFeature>;
  /** Id of the provider, to which seals of its own making go back. Default: none is its own. */
  readonly provider?: string;
  /** Takes down how tools are spelled. Default: a list of its own, so that nobody can tell afterwards. */
  readonly tools?: ToolNames;
}

/** Turns one upstream stream into answer events; one instance a stream. Never throws: what it cannot read is an `error` event. */
export interface AnswerReader {
  /** Appends what this SSE event means to `out` (often one event, sometimes none). */
  read(event: SseEvent, out: AnswerEvent[]): void;
  /** The answer has said why it ended, and nothing since: its usage and its last frame may be missing. Chat only. */
  readonly isOver?: boolean;
  /** Answers beside the first have been passed over (chat's `choices`). Absent where a wire has none. */
  readonly passedOver?: boolean;
  /** The upstream closed. Appends `finish` if only the last frame is missing, else an `error`; nothing after a proper end. */
  end(out: AnswerEvent[]): void;
}

/** Turns answer events into SSE text of one wire; one instance an answer. */
export interface AnswerWriter {
  /** SSE text to send now; `""` when nothing is due. */
  write(event: AnswerEvent): string;
  /** A frame of data that keeps clients waiting before the first output, and also opens the answer if nothing has. */
  heartbeat(): string;
  /** Characters of the answer that are kept: for its end, which repeats them, or for their turn. Default: none. */
  readonly held?: number;
}

/** Everything Headgate knows about one wire. */
export interface WireCodec {
  readonly wire: TextWire;
  /** Reads a client's body. Throws `WireRequestError` naming the field when it cannot be understood. */
  readRequest(body: JsonObject, ledger: Ledger): PivotRequest;
  /** Writes a body for a backend; `model` and `stream` included. */
  writeRequest(request: PivotRequest, options: WriteOptions, ledger: Ledger): JsonObject;
  /** Reads a whole answer as the events of a stream: `start` … `finish`, or a single `error` when it is no answer of this wire. */
  readAnswer(body: unknown): AnswerEvent[];
  /** Writes a whole answer from its events (which contain a `finish`). */
  writeAnswer(events: readonly AnswerEvent[], context: AnswerContext): JsonObject;
  createReader(): AnswerReader;
  createWriter(context: AnswerContext): AnswerWriter;
  /** The wire's error body for an HTTP error. */
  errorBody(status: number, fault: WireFault, requestId: string): JsonObject;
  /** SSE text that ends a started stream with an error. `sequence` numbers its first event; used by Responses only. */
  errorEvent(status: number, fault: WireFault, requestId: string, sequence?: number): string;
  /** Usage in one parsed frame of a stream or a whole answer, if it holds one. */
  usageOf(frame: JsonObject): Usage | undefined;
}
