import { describe, expect, it } from "vitest";
import { Cancellation } from "../cancellation.ts";
import { Load } from "./load.ts";

const failure = { kind: "unreachable", message: "gone" } as const;

describe("a load", () => {
  it("tells all who wait how it has ended", async () => {
    const load = new Load();
    load.begin();
    const waits = [1, 2, 3].map(() => load.join(new Cancellation()));
    load.end(failure);
    expect(await Promise.all(waits)).toEqual([failure, failure, failure]);
    expect(load.waiting).toBe(0);
  });

  it("lets a client leave at once, before and while it waits, and keeps no account of it", async () => {
    const load = new Load();
    const gone = new Cancellation();
    gone.abort();
    expect(await load.join(gone)).toMatchObject({ kind: "aborted" });
    const leaving = new Cancellation();
    const wait = load.join(leaving);
    expect(load.waiting).toBe(1);
    leaving.abort();
    expect(await wait).toMatchObject({ kind: "aborted" });
    expect(load.waiting).toBe(0);
  });

  it("lets only so many wait, and another one when one has left", async () => {
    const load = new Load();
    load.begin();
    const clients = Array.from({ length: 256 }, () => new Cancellation());
    const waits = clients.map((client) => load.join(client));
    expect(await load.join(new Cancellation())).toMatchObject({ kind: "overloaded" });
    clients[0]?.abort();
    const next = load.join(new Cancellation());
    load.end(undefined);
    expect(await next).toBeUndefined();
    expect((await Promise.all(waits)).filter((end) => end?.kind === "aborted")).toHaveLength(1);
  });

  it("sends away who is too many once it turns out to be a load, and nobody while it only looks", async () => {
    const load = new Load();
    const waits = Array.from({ length: 300 }, () => load.join(new Cancellation()));
    expect(load.waiting).toBe(300);
    load.begin();
    expect(load.waiting).toBe(256);
    load.end(undefined);
    expect((await Promise.all(waits)).filter((end) => end?.kind === "overloaded")).toHaveLength(44);
  });

  it("tells of its progress", () => {
    const load = new Load();
    const told: unknown[] = [];
    void load.join(new Cancellation(), ({ fraction }) => told.push(fraction));
    load.report({ fraction: 0.5 });
    load.report({});
    expect(told).toEqual([0.5, undefined]);
  });
});
