import { describe, expect, it } from "vitest";
import { judge } from "../scripts/soak/verdict.ts";

/** A sample every ten seconds for an hour. */
const samples = (rss: (minute: number) => number, handles: (minute: number) => number = () => 50) =>
  Array.from({ length: 360 }, (_, index) => ({ at: index * 10, rss: rss(index / 6), handles: handles(index / 6) }));

describe("the verdict of a soak", () => {
  it("finds no growth in memory that rises at first and then goes up and down", () => {
    const { grows, rssSlope } = judge(samples((minute) => Math.min(150, 100 + minute * 10) + (minute % 3)));
    expect(grows).toBe(false);
    expect(Math.abs(rssSlope)).toBeLessThan(3);
  });

  it("finds a leak of memory, with its slope", () => {
    const { grows, rssSlope } = judge(samples((minute) => 100 + minute));
    expect(grows).toBe(true);
    expect(rssSlope).toBeCloseTo(60, 5);
  });

  it("finds a leak of handles", () => {
    const { grows, handleSlope } = judge(
      samples(
        () => 100,
        (minute) => 50 + minute,
      ),
    );
    expect(grows).toBe(true);
    expect(handleSlope).toBeCloseTo(60, 5);
  });
});
