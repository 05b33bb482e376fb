import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { createBatch } from "../observe/batch.ts";
import {
  type AllBounds,
  type Entry,
  type FromWorker,
  type Questions,
  sizeOf,
  type Topic,
  type ToWorker,
} from "./messages.ts";
import { toPages } from "./page.ts";
import { stateFile } from "./schema.ts";

/** What is kept cannot be had: the message says why. */
export class ArchiveUnavailable extends Error {
  override readonly name = "ArchiveUnavailable";
}

/** How the archive is. */
export interface ArchiveState {
  /** Why nothing is kept; absent while something can be. */
  readonly off?: string;
  /** Entries that were not written since the start: the disk was full, slow, or somebody else's. */
  readonly lost: number;
}

/**
 * What outlives the process: receipts and stored responses. What is added is written soon, by another thread; nobody
 * waits for it, and what cannot be written is counted.
 */
export interface Archive {
  add(entry: Entry): void;
  /**
   * Answers from the file, after all that was added before.
   *
   * @throws ArchiveUnavailable
   */
  ask<One extends Topic>(topic: One, ask: Questions[One]["ask"]): Promise<Questions[One]["answer"]>;
  keep(bounds: AllBounds): void;
  readonly state: ArchiveState;
  /** Writes what is still held back. */
  close(): Promise<void>;
}

/** What an archive is made of. */
export interface ArchiveOptions {
  readonly folder: string;
  readonly bounds: AllBounds;
  /** Told of what was not written: once at first, then once a minute at most. */
  readonly onFault: (error: unknown) => void;
}

/** Entries of one message to the thread that writes: to wake it costs more than to hand it one more. */
const mostHeld = 128;

/** Characters that wait to be written; what comes on top of them is lost. */
const mostWaiting = 16 * 2 ** 20;

/** Milliseconds that a question waits for a slow disk. */
const patience = 5000;

/** Milliseconds between two complaints. */
const complainEvery = 60_000;

/** Nothing happens, on the disk or beside it, before there is something to keep or somebody asks. */
export function openArchive(options: ArchiveOptions): Archive {
  return new WorkerArchive(options);
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: ArchiveUnavailable): void;
}

class WorkerArchive implements Archive {
  readonly #options: ArchiveOptions;
  readonly #file: string;
  readonly #batch = createBatch<Entry>((entries) => this.#tell({ kind: "write", entries: toPages(entries) }), mostHeld);
  readonly #asked = new Map<number, Waiting>();
  #bounds: AllBounds;
  #worker: Worker | undefined;
  #waiting = 0;
  #lost = 0;
  #off: string | undefined;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #lastQuestion = 0;

  constructor(options: ArchiveOptions) {
    this.#options = options;
    this.#bounds = options.bounds;
    this.#file = join(options.folder, stateFile);
  }

  get state(): ArchiveState {
    return this.#off === undefined ? { lost: this.#lost } : { off: this.#off, lost: this.#lost };
  }

  add(entry: Entry): void {
    const size = sizeOf(entry);
    if (this.#off !== undefined || this.#waiting + size > mostWaiting) {
      this.#lost++;
      if (this.#off === undefined) this.#complain("the disk is too slow");
      return;
    }
    this.#waiting += size;
    this.#batch.add(entry);
  }

  ask<One extends Topic>(topic: One, ask: Questions[One]["ask"]): Promise<Questions[One]["answer"]> {
    if (this.#off !== undefined) return Promise.reject(new ArchiveUnavailable(this.#off));
    this.#batch.flush();
    const number = ++this.#lastQuestion;
    return new Promise((resolve, reject) => {
      const slow = new ArchiveUnavailable(`${this.#file} did not answer within ${patience / 1000} s`);
      const timer = setTimeout(() => this.#end(number)?.reject(slow), patience);
      const end = (): void => clearTimeout(timer);
      this.#asked.set(number, {
        resolve: (answer) => {
          end();
          resolve(answer as Questions[One]["answer"]);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
      this.#tell({ kind: "ask", number, topic, ask });
    });
  }

  keep(bounds: AllBounds): void {
    this.#bounds = bounds;
    if (this.#worker !== undefined) this.#tell({ kind: "bounds", bounds });
  }

  async close(): Promise<void> {
    this.#batch.flush();
    const worker = this.#worker;
    this.#off ??= "the gateway has ended";
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.ref();
    worker.postMessage({ kind: "close" } satisfies ToWorker);
    await ended;
  }

  #tell(message: ToWorker): void {
    if (this.#off !== undefined) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    // Beside this module, as source or as it was built.
    const module = new URL(`./store-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(module, { workerData: { file: this.#file, bounds: this.#bounds } });
    worker.on("message", (message: FromWorker) => this.#hear(message));
    worker.on("error", (error) => this.#turnOff(error.message));
    // It must not keep the process up: whoever ends it closes this first.
    worker.unref();
    return worker;
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case "written":
        this.#waiting -= message.size;
        if (message.fault === undefined) return;
        this.#lost += message.entries;
        this.#complain(message.fault);
        return;
      case "answer": {
        const asked = this.#end(message.number);
        if (message.fault === undefined) asked?.resolve(message.answer);
        else asked?.reject(new ArchiveUnavailable(message.fault));
        return;
      }
      case "off":
        this.#turnOff(message.reason);
    }
  }

  #end(number: number): Waiting | undefined {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    return asked;
  }

  #turnOff(reason: string): void {
    this.#off ??= `${this.#file} cannot be used: ${reason}`;
    for (const number of [...this.#asked.keys()]) this.#end(number)?.reject(new ArchiveUnavailable(this.#off));
    this.#options.onFault(new ArchiveUnavailable(`${this.#off}. Receipts are not kept, responses in memory alone`));
  }

  #complain(reason: string): void {
    const now = performance.now();
    if (now - this.#complainedAt < complainEvery) return;
    this.#complainedAt = now;
    this.#options.onFault(
      new ArchiveUnavailable(`${this.#file}: ${reason}. ${this.#lost} receipts and responses were not kept so far`),
    );
  }
}
