import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Fault,
  type FaultKind,
  type Simulator,
  type SimulatorKind,
  type SimWire,
  startSimulator,
} from "../index.ts";
import { bodyOf, eventsOf, modelOf, type Posted, pathOf, post, type Seen } from "../testing/post.ts";

const pairs: readonly (readonly [SimulatorKind, SimWire])[] = [
  ["lmstudio", "chat"],
  ["lmstudio", "responses"],
  ["lmstudio", "messages"],
  ["anthropic", "messages"],
  ["openai", "chat"],
  ["openai", "responses"],
  ["openai-compatible", "chat"],
  ["openai-compatible", "responses"],
  ["openai-compatible", "messages"],
  ["vllm", "chat"],
  ["litellm", "chat"],
  ["litellm", "responses"],
  ["litellm", "messages"],
  ["openrouter", "chat"],
  ["openrouter", "messages"],
];

const isWholeJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
};

const hasOutput = (text: string): boolean => text.includes("Hello ") || text.includes("and so on");

const endsProperly = (text: string): boolean =>
  ["[DONE]", "message_stop", "response.completed"].some((mark) => text.includes(mark));

/** What a client that waits sees. */
interface Expectation {
  readonly fault: Fault;
  streamed(seen: Seen): void;
  whole(seen: Seen): void;
}

const nothing = (seen: Seen) => expect(seen).toMatchObject({ status: undefined, text: "" });

const healthy = {
  streamed: (seen: Seen) => {
    expect(seen).toMatchObject({ status: 200, whole: true });
    expect(hasOutput(seen.text) && endsProperly(seen.text)).toBe(true);
  },
  whole: (seen: Seen) => {
    expect(seen).toMatchObject({ status: 200, whole: true });
    expect(isWholeJson(seen.text) && hasOutput(seen.text)).toBe(true);
  },
};

const reply = (status: number) => (seen: Seen) => {
  expect(seen).toMatchObject({ status, whole: true });
  expect(JSON.parse(seen.text)).toHaveProperty("error");
};

const expectations: readonly (readonly [string, Expectation])[] = [
  ["none is the healthy answer", { fault: { kind: "none" }, ...healthy }],
  ["status is an error reply", { fault: { kind: "status", status: 529 }, streamed: reply(529), whole: reply(529) }],
  ["refuse breaks the connection without a byte", { fault: { kind: "refuse" }, streamed: nothing, whole: nothing }],
  [
    "cut-before-headers closes without a byte",
    { fault: { kind: "cut-before-headers" }, streamed: nothing, whole: nothing },
  ],
  [
    "cut-after 0 frames sends headers only",
    {
      fault: { kind: "cut-after", frames: 0 },
      streamed: (seen) => expect(seen).toMatchObject({ status: 200, text: "", whole: false }),
      whole: (seen) => expect(seen).toMatchObject({ status: 200, text: "", whole: false }),
    },
  ],
  [
    "cut-after 1 frame sends one frame, or half a body",
    {
      fault: { kind: "cut-after", frames: 1 },
      streamed: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: false });
        expect(eventsOf(seen.text)).toHaveLength(1);
      },
      whole: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: false });
        expect(seen.text).not.toBe("");
        expect(isWholeJson(seen.text)).toBe(false);
      },
    },
  ],
  [
    "cut-after 1 output has shown exactly one piece of text",
    {
      fault: { kind: "cut-after", outputs: 1 },
      streamed: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: false });
        expect(seen.text.match(/Hello |from /g)).toEqual(["Hello "]);
      },
      whole: (seen) => expect(seen.whole).toBe(false),
    },
  ],
  [
    "end-after ends cleanly without the terminal frames",
    {
      fault: { kind: "end-after", outputs: 1 },
      streamed: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: true });
        expect(hasOutput(seen.text)).toBe(true);
        expect(endsProperly(seen.text)).toBe(false);
      },
      whole: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: true });
        expect(isWholeJson(seen.text)).toBe(false);
      },
    },
  ],
  [
    "empty sends not one byte",
    {
      fault: { kind: "empty" },
      streamed: (seen) => expect(seen).toMatchObject({ status: 200, text: "", whole: true }),
      whole: (seen) => expect(seen).toMatchObject({ status: 200, text: "", whole: true }),
    },
  ],
  [
    "empty frames end properly without output",
    {
      fault: { kind: "empty", variant: "frames" },
      streamed: (seen) => {
        expect(endsProperly(seen.text)).toBe(true);
        expect(hasOutput(seen.text)).toBe(false);
      },
      whole: (seen) => {
        expect(isWholeJson(seen.text)).toBe(true);
        expect(hasOutput(seen.text)).toBe(false);
      },
    },
  ],
  ["slow-first-byte is healthy, later", { fault: { kind: "slow-first-byte", ms: 5 }, ...healthy }],
  ["slow-frames is healthy, slowly", { fault: { kind: "slow-frames", ms: 1 }, ...healthy }],
  [
    "garbage is a 200 that nobody can read",
    {
      fault: { kind: "garbage" },
      streamed: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: true });
        expect(seen.headers["content-type"]).toContain("text/event-stream");
        expect(hasOutput(seen.text)).toBe(false);
      },
      whole: (seen) => {
        expect(seen).toMatchObject({ status: 200, whole: true });
        expect(isWholeJson(seen.text)).toBe(false);
      },
    },
  ],
  ["error-in-200 is an error with a 200", { fault: { kind: "error-in-200" }, streamed: reply(200), whole: reply(200) }],
  [
    "huge-frame carries as many bytes as asked",
    {
      fault: { kind: "huge-frame", bytes: 300_000 },
      streamed: (seen) => {
        expect(seen.text).toContain("x".repeat(300_000));
        expect(endsProperly(seen.text)).toBe(true);
      },
      whole: (seen) => expect(seen.text).toContain("x".repeat(300_000)),
    },
  ],
  [
    "redirect points elsewhere",
    {
      fault: { kind: "redirect", to: "http://127.0.0.1:9/elsewhere" },
      streamed: (seen) =>
        expect(seen).toMatchObject({ status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } }),
      whole: (seen) =>
        expect(seen).toMatchObject({ status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } }),
    },
  ],
];

/** Faults that wait for the client to leave, and whether it sees a byte of the body before. */
const waiting: readonly (readonly [Fault, boolean])[] = [
  [{ kind: "hang" }, false],
  [{ kind: "hang-after", frames: 0 }, false],
  [{ kind: "hang-after", frames: 1 }, true],
  [{ kind: "endless" }, true],
];

describe.each(pairs)("%s over %s", (kind, wire) => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ kind });
  });

  afterAll(() => simulator.close());

  const send = (fault: Fault, stream: boolean): Posted => {
    simulator.reset();
    simulator.failNext(fault);
    return post(simulator, pathOf[wire], bodyOf(kind, wire, stream));
  };

  it.each(expectations)("streamed, %s", async (_name, { fault, streamed }) => {
    streamed(await send(fault, true).seen);
  });

  it.each(expectations)("whole, %s", async (_name, { fault, whole }) => {
    whole(await send(fault, false).seen);
  });

  it.each([true, false])("faults that wait notice at once that the client leaves (streamed: %s)", async (stream) => {
    for (const [fault, showsBytes] of waiting) {
      const posted = send(fault, stream);
      await simulator.waitFor((request) => request.wire === wire);
      if (showsBytes) await posted.firstBytes;
      expect(simulator.activeRequests).toBe(1);
      const closing = simulator.nextClose();
      posted.leave();
      expect(await closing).toMatchObject({ wire, closedByClient: true, finished: false });
      expect(simulator.activeRequests).toBe(0);
    }
  });

  it("heals", async () => {
    simulator.reset();
    simulator.fail({ kind: "status", status: 500 });
    expect((await post(simulator, pathOf[wire], bodyOf(kind, wire, true)).seen).status).toBe(500);
    simulator.heal();
    healthy.streamed(await post(simulator, pathOf[wire], bodyOf(kind, wire, true)).seen);
  });
});

it("covers every kind of fault in the table", () => {
  const covered = new Set<FaultKind>([
    ...expectations.map(([, { fault }]) => fault.kind),
    ...waiting.map(([{ kind }]) => kind),
  ]);
  const kinds: Record<FaultKind, true> = {
    none: true,
    status: true,
    refuse: true,
    hang: true,
    "hang-after": true,
    "cut-before-headers": true,
    "cut-after": true,
    "end-after": true,
    "error-frame": true,
    empty: true,
    endless: true,
    "slow-first-byte": true,
    "slow-frames": true,
    garbage: true,
    "error-in-200": true,
    "huge-frame": true,
    redirect: true,
  };
  // error-frame is written by each backend in its own way: error-frame.test.ts.
  expect(new Set(Object.keys(kinds))).toEqual(covered.add("error-frame"));
  expect(Object.keys(modelOf)).toHaveLength(7);
});
