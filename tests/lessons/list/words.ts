import type { Lesson } from "../lesson.ts";

/** The wires: tools, reasoning, ids, and the reason of an end. */
export const words: readonly Lesson[] = [
  {
    symptom: "a server that is not OpenAI's is told of a developer, of store and of strict, and refuse all",
    tests: [
      "tests/lessons/wire.test.ts > a server that is not OpenAI's is told of a developer, of store and of strict, and refuses all",
    ],
  },
  {
    symptom: "vLLM is asked on the wire where its tool parser does not work, and calls come as text",
    tests: [
      "tests/vllm.test.ts > answers on chat, %s",
      "tests/vllm.test.ts > takes its thoughts out of the text, calls a tool and answers the result, %s",
    ],
  },
  {
    symptom: "LM Studio's Responses lose a call's arguments, or fail on a list",
    tests: ["tests/matrix.test.ts > carries a tool's call, its result and the final text"],
  },
  {
    symptom: "previous_response_id is not understood, or only after some seconds",
    tests: ["tests/state.test.ts > goes on from an earlier response, whole and streamed"],
  },
  {
    symptom: "a call is lost because its stream names no reason for its end",
    tests: [
      "tests/lessons/wire.test.ts > a call is lost because its stream names no reason for its end (client of %s)",
    ],
  },
  {
    symptom: "what a model thinks shows up in its text",
    tests: [
      "tests/reasoning.test.ts > reaches a client of $client as thoughts, and never as text (stream: $stream)",
      "tests/reasoning.test.ts > a closing tag alone, of a model that thinks",
    ],
  },
  {
    symptom: "an answer of thoughts alone is taken for silence",
    tests: ["tests/reasoning.test.ts > are an answer for a client of %s, and no silence"],
  },
  {
    symptom: "what one organisation sealed goes to another, and the second turn is refused",
    tests: ["tests/seals.test.ts > is left out, and said to be, when another account of the same vendor answers"],
  },
  {
    symptom: "signed thoughts are dropped or changed, and turns with tools are refused",
    tests: [
      "tests/seals.test.ts > goes back to its maker byte for byte",
      "tests/seals.test.ts > a tool's turn that began with a sealed thought, held by a client of %s",
    ],
  },
  {
    symptom: "the blocks of a stream are miscounted, or pieces of arguments are lost",
    tests: ["tests/matrix.test.ts > carries parallel calls beside a text, and all their results"],
  },
  {
    symptom: "settings are dropped in silence",
    tests: ["tests/warnings.test.ts > $warning, from $client to $backend"],
  },
  {
    symptom: "the reason of an end comes out wrong, and agents do nothing for days",
    tests: [
      "tests/matrix.test.ts > says the text, why it ended and what it cost",
      "tests/matrix.test.ts > says so when the answer was cut by its limit",
    ],
  },
  {
    symptom: "tools change their places, and no prompt is ever found in a cache",
    tests: ["tests/lessons/wire.test.ts > tools change their places, and no prompt is ever found in a cache"],
  },
];
