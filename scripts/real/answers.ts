import type { Answer, RecordedRequest } from "@headgate/simulator";

/** What the scripted models say, for a simulation to say the same: a call where there are tools, thoughts where asked for. */
export function answerOf({ text }: RecordedRequest): Answer {
  const isAnswered = /"role": *"tool"|"type": *"(function_call_output|tool_result)"/.test(text);
  if (/"tools": *\[/.test(text) && !isAnswered) return { toolCalls: [{ name: "get_weather", arguments: pieces }] };
  if (text.includes("Think")) return { reasoning: ["One ", "moment.\n"], text: ["It ", "is ", "seven."] };
  return { text: ["A ", "short ", "answer."] };
}

const pieces = ['{"city":', ' "Oslo"}'];
