import {
  isMedia,
  joinText,
  outputText,
  type PivotCall,
  type PivotMessage,
  type PivotOutput,
} from "../pivot/conversation.ts";
import { asFunctionArguments } from "../pivot/custom-tools.ts";
import { fieldName, thoughtField } from "../pivot/fields.ts";
import { joinCited } from "../pivot/join-cited.ts";
import type { Ledger } from "../pivot/ledger.ts";
import type { PivotItem, PivotPart, Seal } from "../pivot/types.ts";
import { toPhase } from "./phase.ts";
import type {
  ResponsesInputItem,
  ResponsesInputPart,
  ResponsesOutputPart,
  ResponsesSpokenPart,
} from "./request-types.ts";
import type { Target } from "./target.ts";
import { dropCache, writeInputPart, writeOutputPart } from "./write-parts.ts";
import { spell } from "./write-tools.ts";

/** Writes the items of a conversation whose outputs are paired with their calls. */
export function writeItems(items: readonly PivotItem[], target: Target): ResponsesInputItem[] {
  const answered = items.flatMap((item) => (item.type === "function_call_output" ? [item.callId] : []));
  const writer = new ItemWriter(target, new Set(answered));
  for (const item of items) writer.add(item);
  return writer.end();
}

class ItemWriter {
  readonly #target: Target;
  /** Calls that have an output. */
  readonly #answered: ReadonlySet<string>;
  readonly #written: ResponsesInputItem[] = [];
  /** Calls that went as calls of custom tools: their outputs are of that kind, too. */
  readonly #custom = new Set<string>();
  /** What tools put out beside text, for a backend that takes nothing else there: a user message after all outputs. */
  #shown: ResponsesInputPart[] = [];

  constructor(target: Target, answered: ReadonlySet<string>) {
    this.#target = target;
    this.#answered = answered;
  }

  add(item: PivotItem): void {
    if (item.type !== "function_call_output") this.#show();
    switch (item.type) {
      case "message":
        this.#message(item);
        return;
      case "function_call":
      case "custom_call":
        this.#written.push(this.#call(item));
        if (!this.#answered.has(item.callId)) this.#leaveOpen(item);
        return;
      case "function_call_output":
        this.#output(item);
        return;
      case "reasoning":
        this.#reasoning(item);
    }
  }

  end(): ResponsesInputItem[] {
    this.#show();
    return this.#written;
  }

  #message(message: PivotMessage): void {
    const { ledger } = this.#target;
    if (message.name !== undefined) ledger.dropped(fieldName(ledger, "speaker"), "responses has no names of speakers");
    const written =
      message.role === "assistant"
        ? writeSpoken(message, `msg_${this.#written.length}`, this.#target)
        : writeHeard(message, this.#target);
    if (written !== undefined) this.#written.push(written);
  }

  #call(call: PivotCall): ResponsesInputItem {
    const custom = call.type === "custom_call";
    const named = spell(call, custom, this.#target);
    const call_id = call.callId;
    if (!custom) {
      return { type: "function_call", call_id, ...named, arguments: call.arguments === "" ? "{}" : call.arguments };
    }
    if (!this.#target.has("custom_tools")) {
      return { type: "function_call", call_id, ...named, arguments: asFunctionArguments(call.input) };
    }
    this.#custom.add(call.callId);
    return { type: "custom_tool_call", call_id, ...named, input: call.input };
  }

  /** OpenAI refuses a call without an output. */
  #leaveOpen({ callId }: PivotCall): void {
    const { ledger } = this.#target;
    ledger.changed(fieldName(ledger, "openCall"), "a tool call without a result got an empty one");
    this.#output({ type: "function_call_output", callId, parts: [{ type: "text", text: "(no result)" }] });
  }

  #output(item: PivotOutput): void {
    const type = this.#custom.has(item.callId) ? "custom_tool_call_output" : "function_call_output";
    this.#written.push({ type, call_id: item.callId, output: this.#said(item) });
  }

  #said(item: PivotOutput): string | ResponsesOutputPart[] {
    const { ledger } = this.#target;
    for (const part of item.parts) dropCache(part, this.#target);
    const media = item.parts.filter(isMedia);
    if (media.length === 0) return outputText(item, ledger);
    if (this.#target.has("media_outputs")) return writeOutputParts(item, this.#target);
    const text = outputText(item, ledger);
    const shown = media.flatMap((part) => writeInputPart(part, this.#target));
    if (shown.length === 0) return text;
    for (const part of media) {
      ledger.changed(mediaField(part, ledger), "moved from a tool's output into a user message after it");
    }
    this.#shown.push({ type: "input_text", text: `[Output of tool call ${item.callId}]` }, ...shown);
    return text === "" ? "The output is shown in the next message." : text;
  }

  #show(): void {
    if (this.#shown.length === 0) return;
    this.#written.push({ type: "message", role: "user", content: this.#shown });
    this.#shown = [];
  }

  /** Reasoning goes back to its maker, sealed as it was, and to nobody else. */
  #reasoning(thought: Extract<PivotItem, { type: "reasoning" }>): void {
    const { seal, summary, text } = thought;
    const { ledger } = this.#target;
    const own = seal !== undefined && isOwn(seal, this.#target) ? seal : undefined;
    const isKept = keepsWords(this.#target) && (text !== "" || summary.length > 0);
    if (own === undefined && !isKept) {
      const isRedacted = seal?.kind === "redacted" && ledger.from === "messages";
      const field = isRedacted ? "messages[].content[].redacted_thinking" : thoughtField(ledger, thought);
      ledger.dropped(field, "reasoning that this backend has not sealed");
      return;
    }
    this.#written.push({
      type: "reasoning",
      summary: summary.map((part) => ({ type: "summary_text", text: part })),
      ...(isKept && text !== "" ? { content: [{ type: "reasoning_text", text }] } : {}),
      ...(own === undefined ? {} : { encrypted_content: own.value }),
    });
  }
}

/** A local server of the client's own wire has shown its reasoning, and is to get it back. */
const keepsWords = ({ ledger, has }: Target): boolean => ledger.from === ledger.to && has("reasoning_input");

/** On the client's own wire what others made is gone by now, and its own is bare. */
const isOwn = ({ wire, kind, provider }: Seal, target: Target): boolean =>
  wire === "responses" &&
  kind === "encrypted" &&
  (provider === undefined ? keepsWords(target) : provider === target.provider);

/** The parts in their order, after a word on the failure if it was one; a text where nothing else is left of them. */
function writeOutputParts(item: PivotOutput, target: Target): string | ResponsesOutputPart[] {
  const failed = outputText({ ...item, parts: [] }, target.ledger).trim();
  const parts = item.parts.flatMap((part) => writeOutputPart(part, target));
  const all: ResponsesOutputPart[] = failed === "" ? parts : [{ type: "input_text", text: failed }, ...parts];
  const texts = all.flatMap((part) => (part.type === "input_text" ? [part.text] : []));
  return texts.length === all.length ? texts.join("\n") : all;
}

/** A string is taken everywhere; vLLM and llama.cpp take an assistant's parts only with an id and a status. */
function writeSpoken(message: PivotMessage, id: string, target: Target): ResponsesInputItem | undefined {
  const { ledger } = target;
  const parts = joinCited(message.parts.filter((part) => !isLeftOut(part, target)));
  if (parts.length === 0) return undefined;
  const known = target.has("prompt_cache");
  const phase = known ? toPhase(message.phase) : undefined;
  if (message.phase !== undefined && phase === undefined) {
    ledger.dropped(fieldName(ledger, "phase"), "the backend knows no such phase");
  }
  const phased = phase === undefined ? {} : { phase };
  if (!known || parts.every(({ type }) => type === "text")) {
    return { type: "message", role: "assistant", content: joinText(parts), ...phased };
  }
  const content = parts.flatMap(writeSpokenPart);
  return { type: "message", id, status: "completed", role: "assistant", content, ...phased };
}

function writeSpokenPart(part: PivotPart): ResponsesSpokenPart[] {
  if (part.type === "text") return [{ type: "output_text", text: part.text, annotations: [] }];
  return part.type === "refusal" ? [{ type: "refusal", refusal: part.text }] : [];
}

/** An assistant's images and sounds have no form; where its words come from is of no use to it. */
function isLeftOut(part: PivotPart, target: Target): boolean {
  const { ledger } = target;
  dropCache(part, target);
  if (part.type === "text" && part.annotations !== undefined) {
    ledger.dropped(fieldName(ledger, "annotations"), "not replayed");
  }
  if (!isMedia(part)) return false;
  ledger.dropped(mediaField(part, ledger), "responses has no such part in an assistant's message");
  return true;
}

const mediaField = ({ type }: PivotPart, ledger: Ledger): string =>
  fieldName(ledger, type === "image" || type === "file" ? type : "audio");

function writeHeard({ role, parts }: PivotMessage, target: Target): ResponsesInputItem | undefined {
  if (role === "assistant") return undefined;
  const content = parts.flatMap((part) => writeInputPart(part, target));
  const [only] = content;
  if (only === undefined) return undefined;
  return { type: "message", role, content: content.length === 1 && only.type === "input_text" ? only.text : content };
}
