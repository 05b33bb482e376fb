import { setImmediate as nextTurn } from "node:timers/promises";
import { parseConfig, type Receipt } from "@headgate/core";
import { describe, expect, it } from "vitest";
import type { Entry } from "../store/messages.ts";
import { writeSoon } from "../turn.ts";
import { startObservers } from "./observers.ts";

const receipt: Receipt = {
  id: "0123456789ab000001",
  time: 1_700_000_000_000,
  wire: "chat",
  stream: false,
  client: "laptop",
  requested: `openrouter/${"x".repeat(1000)}`,
  candidates: [],
  attempts: [],
  status: 200,
  outcome: "ok",
  losses: [],
  warnings: [],
  duration: 5,
};

async function start(gateway: object = {}) {
  const { config } = parseConfig({ gateway: { metrics: false, ...gateway } }, {});
  const entries: Entry[] = [];
  const silent = () => {};
  const observers = await startObservers({
    log: { receipt: silent, refused: silent, notice: silent, config: silent, fault: silent, close: silent },
    archive: {
      add: (entry) => entries.push(entry),
      ask: () => Promise.reject(new Error("nobody asks")),
      keep: silent,
      state: { lost: 0 },
      close: () => Promise.resolve(),
    },
    settings: () => config.gateway,
    router: () => {
      throw new Error("nobody counts");
    },
    configRefused: () => false,
    places: { folder: "/", from: import.meta.url },
  });
  return { observers, entries };
}

describe("what is kept", () => {
  it("is a receipt under the id of its client, and once more when the evidence has come", async () => {
    const { observers, entries } = await start();
    observers.receipt(receipt);
    const evidence = { matches: true, places: ["eu"] };
    const notice = { kind: "evidence", provider: "openrouter", receipt: { ...receipt, evidence }, evidence } as const;
    observers.notice(notice);
    observers.notice({ ...notice, evidence: undefined, message: "no record within a minute" });
    expect(entries).toMatchObject([
      { kind: "receipt", id: receipt.id },
      { kind: "receipt", id: receipt.id, isLater: true },
    ]);
    const bodies = entries.map((entry) => JSON.parse("body" in entry ? entry.body : ""));
    expect(bodies.map((body) => body.client)).toEqual(["laptop", "laptop"]);
    expect(bodies.map((body) => body.evidence)).toEqual([undefined, evidence]);
    expect(bodies[0].requested.length).toBeLessThan(300);
  });

  it("comes behind what is written in the same turn", async () => {
    const { observers, entries } = await start();
    let before: number | undefined;
    observers.receipt(receipt);
    writeSoon(() => {
      before = entries.length;
    });
    await nextTurn();
    expect([before, entries.length]).toEqual([0, 1]);
  });

  it("is nothing where the config says so", async () => {
    const { observers, entries } = await start({ receipts: false });
    observers.receipt(receipt);
    observers.flush();
    expect(entries).toEqual([]);
  });
});
