import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchive } from "./archive.ts";
import type { ReceiptEntry } from "./messages.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-archive-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A mebibyte of it. */
const receipt = (number: number): ReceiptEntry => {
  const id = `r${String(number).padStart(2, "0")}`;
  const empty = JSON.stringify({ id, text: "" }).length;
  return { kind: "receipt", id, time: Date.now(), body: JSON.stringify({ id, text: "a".repeat(2 ** 20 - empty) }) };
};

describe("an archive whose disk is slower than what comes", () => {
  it("holds 16 MiB, counts what comes on top of them, and says so once", async () => {
    const faults: unknown[] = [];
    const bounds = { receipts: { maxAge: 3_600_000, maxSize: 2 ** 26 }, responses: undefined };
    const archive = openArchive({ folder, bounds, onFault: (error) => faults.push(error) });
    // Nothing can have been written before this turn of the event loop ends.
    for (let number = 0; number < 20; number++) archive.add(receipt(number));
    expect(archive.state).toEqual({ lost: 4 });
    expect(faults.map(String)).toEqual([expect.stringMatching(/the disk is too slow\. 1 receipts/)]);
    await archive.ask("settle", {});
    const found = async (id: string) => (await archive.ask("receipt", { id, owner: "" })) !== undefined;
    expect([await found("r00"), await found("r15"), await found("r16"), await found("r19")]).toEqual([
      ...[true, true, false, false],
    ]);
    archive.add(receipt(20));
    expect(await found("r20")).toBe(true);
    expect(archive.state).toEqual({ lost: 4 });
    await archive.close();
  });
});
