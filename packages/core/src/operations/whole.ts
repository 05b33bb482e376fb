import type { JsonObject, Wire } from "@headgate/wire";
import { observe } from "../run/answer.ts";
import type { AttemptResult, Judge } from "../run/attempt.ts";
import { decodeText, parseLoose } from "../run/read-reply.ts";
import { failureOfBody, isObject, tellsError } from "./fault.ts";
import { usageOf } from "./usage.ts";

/** A judge of whole answers, whose bytes are the client's as they came. `missing` says what is wrong with others. */
export function wholeJudge<Asked extends Wire>(
  isAnswer: (body: JsonObject) => boolean,
  missing: string,
): Pick<Judge<Asked>, "whole"> {
  return {
    whole: (run, admitted, reply, bytes): AttemptResult => {
      const body = parseLoose(decodeText(bytes));
      if (!isObject(body) || tellsError(body) || !isAnswer(body)) {
        return { ok: false, failure: failureOfBody(admitted, reply, body, missing) };
      }
      observe(run, admitted, reply, body);
      const answer = { kind: "whole", contentType: "application/json", body: bytes, usage: usageOf(body) } as const;
      return { ok: true, answer };
    },
  };
}
