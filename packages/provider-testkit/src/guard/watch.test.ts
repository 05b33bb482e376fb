import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { unwatched, type Watched, watching, watchLookup } from "./watch.ts";

const kept = { fetch, env: process.env, setTimeout, now: Date.now, random: Math.random };

const seen = (call: () => unknown): Watched<unknown> => watching((watch) => watch(call));

describe("a watched call", () => {
  it.for<[what: string, call: () => unknown, reached: string]>([
    ["a variable", () => process.env.HOME, "reads its environment (process.env.HOME)"],
    ["a question for a variable", () => "HOME" in process.env, "reads its environment (process.env.HOME)"],
    ["all variables", () => ({ ...process.env }), "reads its environment (process.env.*)"],
    ["the machine's name", () => hostname(), "reads its environment (os.hostname)"],
    ["a file", () => readFileSync("/etc/hostname"), "does I/O (fs.readFileSync)"],
    ["a socket", () => connect(9), "does I/O (net.connect)"],
    ["fetch", () => fetch("http://127.0.0.1:9"), "does I/O (fetch)"],
    ["a WebSocket", () => new WebSocket("ws://127.0.0.1:9"), "does I/O (new WebSocket)"],
    ["the console", () => Reflect.get(globalThis, "console").info("hello"), "does I/O (console.info)"],
    ["the time", () => Date.now(), "reads a clock (Date.now)"],
    ["the date", () => new Date(), "reads a clock (new Date())"],
    ["the date as text", () => Date(), "reads a clock (Date())"],
    ["a fine clock", () => performance.now(), "reads a clock (performance.now)"],
    ["a finer clock", () => process.hrtime.bigint(), "reads a clock (process.hrtime.bigint)"],
    ["a random number", () => Math.random(), "draws random numbers (Math.random)"],
    ["a random id", () => crypto.randomUUID(), "draws random numbers (crypto.randomUUID)"],
    ["Node's random id", () => randomUUID(), "draws random numbers (crypto.randomUUID)"],
    ["a timer", () => clearTimeout(setTimeout(() => {}, 0)), "starts a timer or a later turn (setTimeout)"],
    ["a listener of the process", () => process.on("x", () => {}), "changes what the process shares (process.on)"],
    ["a global", () => Object.assign(globalThis, { cache: 1 }), "changes what the process shares (globalThis.cache)"],
    [
      "a method for all lists",
      () => Object.assign(Array.prototype, { last: 1 }),
      "changes what the process shares (Array.prototype.last)",
    ],
  ])("shows %s", ([, call, reached]) => {
    expect(seen(call).reached).toContain(reached);
  });

  it("shows a promise, and what starts by a function that was kept from before", () => {
    expect(seen(async () => 1).reached).toEqual(["starts something that ends later (PROMISE)"]);
    expect(seen(() => clearTimeout(kept.setTimeout(() => {}, 0))).reached).toEqual([
      "starts something that ends later (Timeout)",
    ]);
    const { reached, result } = seen(() => kept.fetch("http://127.0.0.1:9"));
    (result as Promise<unknown>).catch(() => {});
    expect(reached.join()).toContain("starts something that ends later");
  });

  it("shows nothing of plain work", () => {
    const work = (): unknown => {
      const url = new URL("https://api.example.com/v1?x=1");
      const hash = createHash("sha256").update("text").digest("hex");
      return [
        url.href,
        hash,
        new Date(0).toISOString(),
        Date.parse("2026-11-24"),
        /a+/.exec("aa"),
        structuredClone({}),
      ];
    };
    expect(seen(work).reached).toEqual([]);
  });

  it("gives what it gave, or what it threw", () => {
    expect(seen(() => 42).result).toBe(42);
    const error = new Error("no");
    const call = (): never => {
      throw error;
    };
    expect(seen(call).thrown).toBe(error);
  });

  it("leaves nothing behind", () => {
    seen(() => Object.assign(globalThis, { left: 1 }));
    expect(Reflect.has(globalThis, "left")).toBe(false);
    expect(fetch).toBe(kept.fetch);
    expect(process.env).toBe(kept.env);
    expect(Date.now).toBe(kept.now);
    expect(readFileSync("/dev/null", "utf8")).toBe("");
  });
});

describe("a watched look-up", () => {
  it("may take its time, and ask through the host", async () => {
    const host = (): Promise<string> => unwatched(async () => readFileSync("/dev/null", "utf8"));
    const { reached, result } = await watchLookup(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return `${await host()}${Date.now() > 0}`;
    });
    expect({ reached, result }).toEqual({ reached: [], result: "true" });
  });

  it("shows what it asks by itself, and not what others do meanwhile", async () => {
    const [{ reached }] = await Promise.all([
      watchLookup(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return fetch("http://127.0.0.1:9").catch(() => process.env.HOME);
      }),
      (async () => readFileSync("/dev/null"))(),
    ]);
    expect(reached).toEqual(["does I/O (fetch)"]);
  });
});
