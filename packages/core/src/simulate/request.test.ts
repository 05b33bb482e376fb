import { requestNeeds, requestReach, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { estimateInput } from "../operations/estimate.ts";
import { requestOf } from "./request.ts";

const cases = textWires.flatMap((wire) => [{}, { tools: true, images: true }].map((extras) => ({ wire, ...extras })));

describe("the body of a simulated request", () => {
  it.each(cases)("has as many tokens as are wished for: %j", (wish) => {
    for (const tokens of [5000, 150_000]) {
      const estimate = estimateInput(wish.wire, requestOf({ model: "m", ...wish, tokens }));
      expect(Math.abs(estimate - tokens)).toBeLessThanOrEqual(2);
    }
  });

  it.each(textWires)("brings on %s the tool and the image that it is to bring, and reaches nowhere by them", (wire) => {
    const bare = requestOf({ model: "m", wire });
    expect(requestNeeds(wire, bare)).toMatchObject({ tools: false, images: false });
    expect(bare.stream).not.toBe(true);
    const laden = requestOf({ model: "m", wire, tools: true, images: true, stream: true });
    expect(requestNeeds(wire, laden)).toMatchObject({ tools: true, images: true });
    expect(requestReach(wire, laden)).toEqual({ urls: false, hostedTools: false });
    expect(laden).toMatchObject({ model: "m", stream: true });
  });
});
