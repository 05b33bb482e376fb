import {
  type AnswerEvent,
  codecs,
  foldAnswer,
  type SseEvent,
  SseReader,
  type TextWire,
  type Wire,
} from "@headgate/wire";
import { isTextWire } from "../backend/render.ts";
import { messageOf } from "../text.ts";

/** An answer as a client reads it. */
export interface Read {
  /** The body. */
  readonly text: string;
  /** The model's words; empty where there are none. */
  readonly said: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  /** Events of a stream. */
  readonly frames: readonly SseEvent[];
  /** The answer broke after its start, or holds an error. */
  readonly broken?: string;
}

/** Reads a reply to its end; of an answer on a wire of conversations, what it says. */
export async function readReply(wire: Wire | undefined, response: Response): Promise<Read> {
  const isStream = (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
  const { bytes, broken } = await readBytes(response);
  const text = new TextDecoder().decode(bytes);
  const reader = new SseReader();
  const frames = isStream ? [...reader.push(bytes), ...reader.end()] : [];
  const events = wire !== undefined && isTextWire(wire) && response.ok ? eventsOf(wire, isStream ? frames : text) : [];
  const fold = foldAnswer(events);
  const calls = fold.items.flatMap(({ item, text: args }) =>
    item.type === "function_call" ? [{ name: item.name, arguments: args }] : [],
  );
  const said = fold.items.flatMap(({ parts }) => parts.map((part) => part.text)).join("");
  const trouble = broken ?? fold.fault?.message;
  return { text, said, calls, frames, ...(trouble === undefined ? {} : { broken: trouble }) };
}

async function readBytes(response: Response): Promise<{ bytes: Uint8Array; broken?: string }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks) };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), broken: messageOf(error) };
  }
}

/** A whole answer, or the frames of a streamed one, as events. */
function eventsOf(wire: TextWire, answer: string | readonly SseEvent[]): readonly AnswerEvent[] {
  if (typeof answer === "string") return codecs[wire].readAnswer(jsonOf(answer));
  const events: AnswerEvent[] = [];
  const reader = codecs[wire].createReader();
  for (const frame of answer) reader.read(frame, events);
  reader.end(events);
  return events;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
