import type {
  Base64ImageSource,
  Base64PDFSource,
  CitationsWebSearchResultLocation,
  ContentBlock,
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  Message,
  MessageCreateParamsBase,
  MessageParam,
  OutputConfig,
  RawContentBlockDelta,
  RawMessageDeltaEvent,
  RawMessageStreamEvent,
  RedactedThinkingBlock,
  RedactedThinkingBlockParam,
  StopReason,
  TextBlock,
  TextBlockParam,
  ThinkingBlock,
  ThinkingBlockParam,
  ThinkingConfigParam,
  Tool,
  ToolChoice,
  ToolResultBlockParam,
  ToolUseBlock,
  ToolUseBlockParam,
  Usage,
} from "@anthropic-ai/sdk/resources/messages";
import { describe, expect, expectTypeOf, test } from "vitest";
import { readMessagesAnswer } from "./answer.ts";
import { fromStopReason } from "./finish.ts";
import { readRequest } from "./testing.ts";
import type {
  MessagesAnswer,
  MessagesAnswerBlock,
  MessagesDelta,
  MessagesDocumentBlock,
  MessagesDocumentSource,
  MessagesEvent,
  MessagesImageBlock,
  MessagesImageSource,
  MessagesOutputConfig,
  MessagesRedactedBlock,
  MessagesRequest,
  MessagesStopReason,
  MessagesTextBlock,
  MessagesThinking,
  MessagesThinkingBlock,
  MessagesTool,
  MessagesToolChoice,
  MessagesToolResult,
  MessagesToolUse,
  MessagesTurn,
  MessagesUrlCitation,
  MessagesUsage,
} from "./types.ts";

type Of<Union, Type> = Extract<Union, { type: Type }>;

describe("what we write", () => {
  test("is a request as the official client declares it", () => {
    // What the client calls a media type or a citation is its own affair, and the newest API has no sampling.
    type Declared = "messages" | "system" | "temperature" | "top_p" | "top_k";
    type Request = Omit<MessagesRequest, Declared> & Pick<MessageCreateParamsBase, "messages" | "system">;
    expectTypeOf<Request>().toExtend<MessageCreateParamsBase>();
    type Role = MessagesTurn["role"];
    expectTypeOf<Role>().toEqualTypeOf<MessageParam["role"]>();

    expectTypeOf<MessagesTool>().toExtend<Tool>();
    expectTypeOf<MessagesToolChoice>().toExtend<ToolChoice>();
    expectTypeOf<MessagesThinking>().toExtend<ThinkingConfigParam>();
    expectTypeOf<MessagesOutputConfig>().toExtend<OutputConfig>();
  });

  test("is made of blocks as it declares them", () => {
    expectTypeOf<Omit<MessagesTextBlock, "citations">>().toExtend<TextBlockParam>();
    expectTypeOf<MessagesThinkingBlock>().toExtend<ThinkingBlockParam>();
    expectTypeOf<MessagesRedactedBlock>().toExtend<RedactedThinkingBlockParam>();
    expectTypeOf<MessagesToolUse>().toExtend<ToolUseBlockParam>();
    expectTypeOf<Omit<MessagesToolResult, "content">>().toExtend<ToolResultBlockParam>();
    expectTypeOf<Of<MessagesImageSource, "base64"> & { media_type: "image/png" }>().toExtend<Base64ImageSource>();
    type Reference = Exclude<MessagesImageSource, { type: "base64" }>;
    expectTypeOf<Omit<MessagesImageBlock, "source"> & { source: Reference }>().toExtend<ImageBlockParam>();
    expectTypeOf<Of<MessagesDocumentSource, "base64">>().toExtend<Base64PDFSource>();
    expectTypeOf<MessagesDocumentBlock>().toExtend<DocumentBlockParam>();
  });

  test("is an answer as it declares it, but for fields of hosted features", () => {
    type Hosted = Pick<Message, "container" | "diagnostics" | "stop_details" | "content" | "usage">;
    expectTypeOf<Omit<MessagesAnswer, keyof Hosted> & Hosted>().toExtend<Message>();
    expectTypeOf<MessagesUsage & Omit<Usage, "input_tokens" | "output_tokens">>().toExtend<Usage>();
    expectTypeOf<MessagesStopReason>().toEqualTypeOf<StopReason>();

    type Text = Omit<Of<MessagesAnswerBlock, "text">, "citations"> & Pick<TextBlock, "citations">;
    expectTypeOf<Text>().toExtend<TextBlock>();
    expectTypeOf<MessagesUrlCitation>().toEqualTypeOf<CitationsWebSearchResultLocation>();
    expectTypeOf<Of<MessagesAnswerBlock, "thinking">>().toExtend<ThinkingBlock>();
    expectTypeOf<Of<MessagesAnswerBlock, "redacted_thinking">>().toExtend<RedactedThinkingBlock>();
    expectTypeOf<Of<MessagesAnswerBlock, "tool_use"> & Pick<ToolUseBlock, "caller">>().toExtend<ToolUseBlock>();
  });

  test("is a stream as it declares it", () => {
    expectTypeOf<Exclude<MessagesEvent["type"], "ping">>().toEqualTypeOf<RawMessageStreamEvent["type"]>();
    expectTypeOf<MessagesDelta>().toExtend<RawContentBlockDelta>();
    expectTypeOf<MessagesDelta["type"]>().toEqualTypeOf<RawContentBlockDelta["type"]>();
    type Plain = Of<MessagesEvent, "content_block_delta" | "content_block_stop" | "message_stop">;
    expectTypeOf<Plain>().toExtend<RawMessageStreamEvent>();
    type Ending = Of<MessagesEvent, "message_delta">;
    type Hosted = Pick<RawMessageDeltaEvent.Delta, "container" | "stop_details">;
    expectTypeOf<Ending["delta"] & Hosted>().toExtend<RawMessageDeltaEvent.Delta>();
  });
});

describe("what the official client declares", () => {
  const fields: Readonly<Record<keyof MessageCreateParamsBase, "carried" | "dropped">> = {
    max_tokens: "carried",
    messages: "carried",
    model: "carried",
    cache_control: "carried",
    container: "dropped",
    diagnostics: "dropped",
    inference_geo: "dropped",
    metadata: "carried",
    output_config: "carried",
    service_tier: "carried",
    speed: "dropped",
    stop_sequences: "carried",
    stream: "carried",
    system: "carried",
    thinking: "carried",
    tool_choice: "carried",
    tools: "carried",
    user_profile_id: "dropped",
    workspace_id: "dropped",
  };
  const body: MessageCreateParamsBase = {
    max_tokens: 9,
    messages: [{ role: "user", content: "a" }],
    model: "m",
    cache_control: { type: "ephemeral" },
    container: "c",
    diagnostics: { previous_message_id: "msg_1" },
    inference_geo: "us",
    metadata: { user_id: "u" },
    output_config: { effort: "low" },
    service_tier: "auto",
    speed: "fast",
    stop_sequences: ["END"],
    stream: true,
    system: "s",
    thinking: { type: "adaptive", display: "omitted" },
    tool_choice: { type: "auto" },
    tools: [{ name: "f", input_schema: { type: "object" } }],
    user_profile_id: "p",
    workspace_id: "w",
  };

  test.each(Object.entries(fields))("as the field %s is %s", (field, fate) => {
    const { losses } = readRequest({ ...body });
    expect(losses.includes(`dropped ${field}`)).toBe(fate === "dropped");
  });

  /** A block of each kind, and what becomes of it. */
  const blocks: { readonly [Type in ContentBlockParam["type"]]: [Of<ContentBlockParam, Type>, string[]] } = {
    text: [{ type: "text", text: "a" }, ["message"]],
    image: [{ type: "image", source: { type: "url", url: "https://e.x" } }, ["message"]],
    document: [{ type: "document", source: { type: "file", file_id: "f" } }, ["message"]],
    search_result: [{ type: "search_result", title: "t", source: "s", content: [] }, ["message"]],
    thinking: [{ type: "thinking", thinking: "t", signature: "s" }, ["reasoning"]],
    redacted_thinking: [{ type: "redacted_thinking", data: "d" }, ["reasoning"]],
    tool_use: [{ type: "tool_use", id: "i", name: "n", input: {} }, ["function_call"]],
    tool_result: [{ type: "tool_result", tool_use_id: "i" }, ["function_call_output"]],
    server_tool_use: [{ type: "server_tool_use", id: "i", name: "web_search", input: {} }, []],
    web_search_tool_result: [{ type: "web_search_tool_result", tool_use_id: "i", content: [] }, []],
    web_fetch_tool_result: [
      {
        type: "web_fetch_tool_result",
        tool_use_id: "i",
        content: { type: "web_fetch_tool_result_error", error_code: "unavailable" },
      },
      [],
    ],
    code_execution_tool_result: [
      {
        type: "code_execution_tool_result",
        tool_use_id: "i",
        content: { type: "code_execution_tool_result_error", error_code: "unavailable" },
      },
      [],
    ],
    bash_code_execution_tool_result: [
      {
        type: "bash_code_execution_tool_result",
        tool_use_id: "i",
        content: { type: "bash_code_execution_tool_result_error", error_code: "unavailable" },
      },
      [],
    ],
    text_editor_code_execution_tool_result: [
      {
        type: "text_editor_code_execution_tool_result",
        tool_use_id: "i",
        content: { type: "text_editor_code_execution_tool_result_error", error_code: "unavailable" },
      },
      [],
    ],
    tool_search_tool_result: [
      {
        type: "tool_search_tool_result",
        tool_use_id: "i",
        content: { type: "tool_search_tool_result_error", error_code: "unavailable" },
      },
      [],
    ],
    container_upload: [{ type: "container_upload", file_id: "f" }, []],
  };

  test.each(Object.entries(blocks))("as a block of a request, %s is carried, or dropped and named", (kind, entry) => {
    const [block, items] = entry;
    const { request, losses } = readRequest({ messages: [{ role: "user", content: [block] }] });
    expect(request.items.map(({ type }) => type)).toEqual(items);
    if (items.length === 0) expect(losses).toEqual([`dropped messages[].content[].${kind}`]);
  });

  const answered: Readonly<Record<ContentBlock["type"], string>> = {
    text: "message",
    thinking: "reasoning",
    redacted_thinking: "reasoning",
    tool_use: "function_call",
    server_tool_use: "opaque",
    web_search_tool_result: "opaque",
    web_fetch_tool_result: "opaque",
    code_execution_tool_result: "opaque",
    bash_code_execution_tool_result: "opaque",
    text_editor_code_execution_tool_result: "opaque",
    tool_search_tool_result: "opaque",
    container_upload: "opaque",
  };

  test.each(Object.entries(answered))("as a block of an answer, %s is an item: %s", (type, item) => {
    const [block] = blocks[type as ContentBlock["type"]];
    const events = readMessagesAnswer({ content: [block], stop_reason: "end_turn" });
    expect(events.flatMap((event) => (event.type === "item.start" ? [event.item.type] : []))).toEqual([item]);
  });

  test("as a reason to stop is known", () => {
    const reasons: Readonly<Record<StopReason, string>> = {
      end_turn: "stop",
      max_tokens: "length",
      stop_sequence: "stop_sequence",
      tool_use: "tool_calls",
      pause_turn: "pause",
      refusal: "refusal",
      model_context_window_exceeded: "context_window",
    };
    for (const [reason, known] of Object.entries(reasons)) expect(fromStopReason(reason)).toBe(known);
  });
});
