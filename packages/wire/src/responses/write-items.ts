import {
  isMedia,
  joinText,
  outputText,
  type PivotCall,
  type PivotMessage,
  type PivotOutput,
} from "../pivot/conversation.ts";
import { asFunctionArguments } from "../pivot/custom-tools.ts";
import { fieldName } from "../pivot/fields.ts";
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
  const writer = new ItemWriter(target);
  for (const item of items) writer.add(item);
  return writer.end();
}

class ItemWriter {
  readonly #target: Target;
  readonly #written: ResponsesInputItem[] = [];
  /** Calls that went as calls of custom tools: their outputs are of that kind, too. */
  readonly #custom = new Set<string>();
  /** What tools put out beside text, for a backend that takes nothing else there: a user message after all outputs. */
  #shown: ResponsesInputPart[] = [];

  constructor(target: Target) {
    this.#target = target;
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
      message.role === "assistant" ? writeSpoken(message, this.#target) : writeHeard(message, this.#target);
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
    for (const part of media) {
      ledger.changed(mediaField(part, ledger), "moved from a tool's output into a user message after it");
    }
    const heading = { type: "input_text", text: `[Output of tool call ${item.callId}]` } as const;
    this.#shown.push(heading, ...media.flatMap((part) => writeInputPart(part, this.#target)));
    const text = outputText(item, ledger);
    return text === "" ? "The output is shown in the next message." : text;
  }

  #show(): void {
    if (this.#shown.length === 0) return;
    this.#written.push({ type: "message", role: "user", content: this.#shown });
    this.#shown = [];
  }

  /** Reasoning goes back to its maker, sealed as it was, and to nobody else. */
  #reasoning({ seal, summary }: Extract<PivotItem, { type: "reasoning" }>): void {
    const { ledger } = this.#target;
    if (seal === undefined || !isOwn(seal, this.#target)) {
      ledger.dropped(fieldName(ledger, "thought"), "reasoning that this backend has not sealed");
      return;
    }
    this.#written.push({
      type: "reasoning",
      summary: summary.map((text) => ({ type: "summary_text", text })),
      encrypted_content: seal.value,
    });
  }
}

const isOwn = ({ wire, kind, provider }: Seal, target: Target): boolean =>
  wire === "responses" && kind === "encrypted" && provider !== undefined && provider === target.provider;

/** The parts in their order, after a word on the failure if it was one. */
function writeOutputParts(item: PivotOutput, target: Target): ResponsesOutputPart[] {
  const failed = outputText({ ...item, parts: [] }, target.ledger).trim();
  const parts = item.parts.flatMap((part) => writeOutputPart(part, target));
  return failed === "" ? parts : [{ type: "input_text", text: failed }, ...parts];
}

/** Text is written as a string where it can be: vLLM and llama.cpp take an assistant's parts only with an id and status. */
function writeSpoken(message: PivotMessage, target: Target): ResponsesInputItem | undefined {
  const { ledger } = target;
  const parts = message.parts.filter((part) => !isLeftOut(part, target));
  if (parts.length === 0) return undefined;
  const phase = toPhase(message.phase);
  const keeps = phase !== undefined && target.has("prompt_cache");
  if (message.phase !== undefined && !keeps) ledger.dropped(fieldName(ledger, "phase"), "the backend knows no phases");
  const content = parts.every(({ type }) => type === "text") ? joinText(parts) : parts.flatMap(writeSpokenPart);
  return { type: "message", role: "assistant", content, ...(keeps ? { phase } : {}) };
}

function writeSpokenPart(part: PivotPart): ResponsesSpokenPart[] {
  if (part.type === "text") return [{ type: "output_text", text: part.text }];
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
  const [only] = parts;
  if (parts.length === 1 && only?.type === "text") {
    dropCache(only, target);
    return { type: "message", role, content: only.text };
  }
  const content = parts.flatMap((part) => writeInputPart(part, target));
  return content.length === 0 ? undefined : { type: "message", role, content };
}
