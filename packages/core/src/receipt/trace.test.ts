import { expect, test } from "vitest";
import { readTrace } from "./trace.ts";

const id = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";
const good = `00-${id}-${span}-01`;

test.each([
  [good, true],
  [`00-${id}-${span}-00`, false],
  [`00-${id}-${span}-03`, true],
  [`00-${id}-${span}-02`, false],
  [`cc-${id}-${span}-01`, true],
  [`cc-${id}-${span}-01-what-comes-later`, true],
])("%s is a place in a client's trace", (header, sampled) => {
  expect(readTrace(header)).toEqual({ id, span, sampled });
});

test.each([
  ["nothing", undefined],
  ["an empty one", ""],
  ["two of them", `${good}, ${good}`],
  ["capitals", good.toUpperCase()],
  ["a trace of zeros", `00-${"0".repeat(32)}-${span}-01`],
  ["a span of zeros", `00-${id}-${"0".repeat(16)}-01`],
  ["the version that is none", `ff-${id}-${span}-01`],
  ["more than its version has", `${good}-more`],
  ["a later version that goes on without a dash", `cc-${id}-${span}-01more`],
  ["less than its version has", good.slice(0, -1)],
  ["other letters", good.replace("0af7", "0xf7")],
  ["flags that are none", `00-${id}-${span}-0g`],
  ["spaces", ` ${good}`],
  ["another character for a dash", good.replaceAll("-", "_")],
  ["a header without end", `cc-${id}-${span}-01-${"a".repeat(400)}`],
])("%s is as if nothing had been sent", (_, header) => {
  expect(readTrace(header)).toBeUndefined();
});
