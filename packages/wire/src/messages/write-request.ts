import { toTurns } from "../pivot/conversation.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotRequest } from "../pivot/types.ts";
import type { WriteOptions } from "../translate.ts";
import { spellCallId } from "./call-id.ts";
import { dropOpenThoughts, finishTurns, lacksThought, settleTurns } from "./settle-turns.ts";
import { createTarget } from "./target.ts";
import type { MessagesOutputConfig, MessagesRequest, MessagesTextBlock, MessagesToolChoice } from "./types.ts";
import { writeWholeCache } from "./write-cache.ts";
import { type WrittenFormat, writeFormat } from "./write-format.ts";
import { type WrittenReasoning, writeReasoning } from "./write-reasoning.ts";
import { dropUnknown, writeSampling, writeServiceTier, writeStop } from "./write-rest.ts";
import { isForced, writeChoice, writeTools } from "./write-tools.ts";
import { writeConversation } from "./write-turns.ts";

/** Sent where neither the client nor the model's facts name a limit: Messages demands one. */
const defaultMaxTokens = 4096;

/** Thinking that the client counts itself comes on top. */
const leastRoom = ({ reasoning }: PivotRequest): number => defaultMaxTokens + (reasoning?.budgetTokens ?? 0);

/** Writes a Messages body. */
export function writeMessagesRequest(request: PivotRequest, options: WriteOptions, ledger: Ledger): MessagesRequest {
  const target = createTarget(options, ledger);
  target.tools.declare(request.tools, ({ type }) => type);
  const turns = toTurns(request.items, ledger, spellCallId);
  const own = writeTools(request, turns, target);
  const choice = writeChoice(request, own, target);
  const form = writeFormat(request, target);
  const conversation = writeConversation(turns, target);
  const settled = settleTurns(conversation.turns, ledger);
  const maxTokens = request.maxOutputTokens ?? options.maxOutputTokens ?? leastRoom(request);
  const reasoning = writeReasoning(
    request.reasoning,
    {
      maxTokens,
      forcesTool: isForced(choice),
      forcesAnswer: form.tool !== undefined,
      lacksThought: lacksThought(settled),
    },
    target,
  );
  if (reasoning.off) dropOpenThoughts(settled, ledger);
  const thinks = reasoning.thinking !== undefined && !reasoning.off;
  const tools = form.tool === undefined ? own : [...own, form.tool];
  dropUnknown(request, ledger);
  return defined({
    model: options.model,
    max_tokens: maxTokens,
    system: joinSystem(conversation.system, form.instruction),
    messages: finishTurns(settleTurns(settled, ledger), ledger),
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: forcedAnswer(form) ?? choice,
    thinking: reasoning.thinking,
    output_config: outputConfig(reasoning, form),
    ...writeSampling(request, thinks, target),
    stop_sequences: writeStop(request.stop, target),
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    service_tier: writeServiceTier(request.serviceTier, target),
    cache_control: writeWholeCache(request, target),
    stream: request.stream ? true : undefined,
  });
}

/** One text, as every server of this wire takes it; blocks only where one of them is marked. */
function joinSystem(blocks: readonly MessagesTextBlock[], instruction: string | undefined): MessagesRequest["system"] {
  const all = instruction === undefined ? blocks : [...blocks, { type: "text" as const, text: instruction }];
  if (all.some(({ cache_control: cache }) => cache !== undefined)) return [...all];
  return all.length === 0 ? undefined : all.map(({ text }) => text).join("\n\n");
}

const forcedAnswer = ({ tool }: WrittenFormat): MessagesToolChoice | undefined =>
  tool === undefined ? undefined : { type: "tool", name: tool.name, disable_parallel_tool_use: true };

function outputConfig({ effort }: WrittenReasoning, { format }: WrittenFormat): MessagesOutputConfig | undefined {
  return effort === undefined && format === undefined ? undefined : defined({ effort, format });
}
