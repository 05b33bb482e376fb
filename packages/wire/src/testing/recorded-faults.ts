/** How a recorded failure is labelled. */
export interface RecordedFault {
  readonly status: number;
  readonly message: RegExp;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

const bad = { status: 400, type: "BadRequestError" };
const overflow = { ...bad, message: /maximum context length is 2048 tokens/ };
const vllmOverflow = { ...overflow, code: "400", param: "input_tokens" };
const missing = { status: 404, message: /^The model `no-such-model` does not exist/, type: "NotFoundError" };
const llamaOverflow = {
  status: 400,
  message: /^request \(30019 tokens\) exceeds the available context size \(2048 tokens\)/,
  type: "exceed_context_size_error",
  code: "400",
};
const serverError = { status: 500, type: "server_error", code: "500" };
const invalid = { status: 400, type: "invalid_request_error" };
const broken = { status: 500, message: /^litellm.InternalServerError: this is a mock/, type: "internal_server_error" };
const dead = { status: 500, message: /^litellm.InternalServerError: .*OpenAIException/, type: "internal_server_error" };
const limited = { status: 429, message: /^litellm.RateLimitError: this is a mock/ };
const mockOverflow = { ...invalid, message: /^litellm.ContextWindowExceededError/ };
const wrongName = { ...invalid, message: /Invalid model name passed in model=no-such-model/ };
const cooling = { status: 429, message: /^No deployments available/, type: "rate_limit_error" };
/** LiteLLM's Responses streams of a mock end before they begin, under this status and the type of a stream. */
const noStart = {
  status: 500,
  message: /^Error processing stream start$/,
  type: "internal_server_error",
  code: "500",
};

/** What each recorded failure says, read by eye out of its file. */
export const recordedFaults: Readonly<Record<string, RecordedFault>> = {
  "vllm-0.32.0/chat-overflow": vllmOverflow,
  "vllm-0.32.0/chat-overflow-stream": vllmOverflow,
  "vllm-0.32.0/messages-overflow": overflow,
  "vllm-0.32.0/responses-overflow": vllmOverflow,
  "vllm-0.32.0/chat-missing-model": { ...missing, code: "404", param: "model" },
  "vllm-0.32.0/messages-missing-model": missing,
  "vllm-0.32.0/responses-missing-model": { ...missing, code: "404", param: "model" },
  "vllm-0.32.0/responses-previous-missing": {
    status: 404,
    message: /^Response with id 'resp_nothing' not found/,
    type: "invalid_request_error",
    code: "404",
    param: "response_id",
  },
  "vllm-0.32.0/chat-bad-schema": { ...bad, message: /^Grammar error/, code: "400" },
  "vllm-0.32.0/chat-image": { ...bad, message: /is not a multimodal model$/, code: "400" },
  "vllm-0.32.0/chat-malformed-json": {
    status: 400,
    message: /JSON decode error/,
    type: "Bad Request",
    code: "400",
    param: "body.9",
  },
  "vllm-0.32.0/chat-max-tokens-too-large": {
    ...bad,
    message: /^max_tokens=10000000 cannot be greater than/,
    code: "400",
    param: "max_tokens",
  },
  "vllm-0.32.0/chat-no-messages": { ...bad, message: /^Cannot apply chat template to an empty/, code: "400" },
  "llama-server-0.5.0/chat-overflow": llamaOverflow,
  "llama-server-0.5.0/chat-overflow-stream": llamaOverflow,
  "llama-server-0.5.0/messages-overflow": llamaOverflow,
  "llama-server-0.5.0/responses-overflow": llamaOverflow,
  "llama-server-0.5.0/chat-bad-schema": { ...invalid, message: /^Unable to generate parser/, code: "400" },
  "llama-server-0.5.0/responses-previous-missing": { ...invalid, message: /previous_response_id/, code: "400" },
  "llama-server-0.5.0/chat-image": { ...serverError, message: /^image input is not supported/ },
  "llama-server-0.5.0/chat-malformed-json": { ...serverError, message: /parse error at line 1/ },
  "litellm-1.106.2/chat-malformed-json": {
    ...invalid,
    message: /^Invalid JSON payload/,
    code: "400",
    param: "request_body",
  },
  "litellm-1.106.2/chat-missing-model": { ...wrongName, code: "400" },
  "litellm-1.106.2/messages-missing-model": wrongName,
  "litellm-1.106.2/responses-missing-model": { ...wrongName, code: "400" },
  "litellm-1.106.2/chat-no-key": { status: 500, message: /^Internal Server Error$/ },
  "litellm-1.106.2/chat-wrong-key": {
    status: 400,
    message: /^No connected db\.$/,
    type: "no_db_connection",
    code: "400",
  },
  "litellm-1.106.2/dead-chat": { ...dead, code: "500" },
  "litellm-1.106.2/dead-chat-stream": { ...dead, code: "500" },
  "litellm-1.106.2/dead-messages": { ...dead, type: "api_error" },
  "litellm-1.106.2/dead-messages-stream": { ...dead, type: "api_error" },
  "litellm-1.106.2/dead-responses": { ...dead, code: "500" },
  "litellm-1.106.2/dead-responses-stream": { ...dead, code: "500" },
  "litellm-1.106.2/mock-broken-chat": { ...broken, code: "500" },
  "litellm-1.106.2/mock-broken-chat-stream": { ...broken, code: "500" },
  "litellm-1.106.2/mock-broken-messages": { ...broken, type: "api_error" },
  "litellm-1.106.2/mock-broken-messages-stream": { ...broken, type: "api_error" },
  "litellm-1.106.2/mock-broken-responses-stream": noStart,
  "litellm-1.106.2/mock-overflow-chat": { ...mockOverflow, code: "400" },
  "litellm-1.106.2/mock-overflow-chat-stream": { ...mockOverflow, code: "400" },
  "litellm-1.106.2/mock-overflow-messages": mockOverflow,
  "litellm-1.106.2/mock-overflow-messages-stream": mockOverflow,
  "litellm-1.106.2/mock-overflow-responses-stream": noStart,
  "litellm-1.106.2/mock-rate-limited-chat": { ...limited, type: "throttling_error", code: "429" },
  "litellm-1.106.2/mock-rate-limited-chat-stream": { ...limited, type: "throttling_error", code: "429" },
  "litellm-1.106.2/mock-rate-limited-messages": { ...limited, type: "rate_limit_error" },
  "litellm-1.106.2/mock-rate-limited-messages-stream": { ...limited, type: "rate_limit_error" },
  "litellm-1.106.2/mock-rate-limited-responses-stream": noStart,
  "litellm-1.106.2/responses-stream": noStart,
  "litellm-1.106.2/responses-tools-stream": noStart,
  "litellm-1.106.2/over-vllm-chat-bad-schema": {
    ...invalid,
    message: /^litellm.BadRequestError: Hosted_vllmException/,
    code: "400",
  },
  "litellm-1.106.2/over-vllm-chat-overflow": { ...mockOverflow, code: "400" },
  "litellm-1.106.2/over-vllm-chat-overflow-stream": { ...mockOverflow, code: "400" },
  "litellm-1.106.2/over-vllm-messages-overflow": cooling,
  "litellm-1.106.2/over-vllm-messages-tools-stream": cooling,
  "litellm-1.106.2/over-vllm-cooldown-messages": cooling,
};
