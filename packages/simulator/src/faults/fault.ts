import type { SimWire } from "../wires/frame.ts";

/** Which requests a fault is for; what is left out fits every request. */
export interface FaultMatch {
  readonly model?: string;
  readonly wire?: SimWire;
  /** Streamed or whole requests only. */
  readonly stream?: boolean;
}

/**
 * A place in a stream: after so many frames, or around its output (text, reasoning, tool calls): `outputs: 0` is right
 * before the first output, `outputs: 1` right after it. Default: after the headers, before any frame. Of a whole answer,
 * 0 means none of the body and anything else half of it.
 */
export interface FramePosition {
  readonly frames?: number;
  readonly outputs?: number;
}

/** An error in the backend's own envelope; what is left out is the backend's usual breakdown. */
export interface FaultError {
  readonly type?: string;
  readonly message?: string;
  readonly code?: string;
  readonly param?: string;
}

/** What goes wrong, as JSON. */
export type FaultAction =
  /** Nothing: a healthy request between faulty ones. */
  | { readonly kind: "none" }
  /** An error reply. Default body: the backend's own for this status, with what `error` says otherwise. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly error?: FaultError;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset without a byte. For a port that refuses, `simulator.refuse()`. */
  | { readonly kind: "refuse" }
  /** No headers, ever. */
  | { readonly kind: "hang" }
  | ({ readonly kind: "hang-after" } & FramePosition)
  /** The connection is closed without a byte. */
  | { readonly kind: "cut-before-headers" }
  | ({ readonly kind: "cut-after" } & FramePosition)
  /** A clean end, without the frames that should have followed. */
  | ({ readonly kind: "end-after" } & FramePosition)
  /** The backend's own error inside the stream. A whole request gets `whole`, by default the same error with its status. */
  | ({
      readonly kind: "error-frame";
      readonly error?: FaultError;
      readonly whole?: { readonly status: number; readonly body: unknown };
    } & FramePosition)
  /** A 200 without output: no bytes at all, or every proper frame but the output. Default `bytes`. */
  | { readonly kind: "empty"; readonly variant?: "bytes" | "frames" }
  /** Output until the client leaves, as fast as it reads. */
  | { readonly kind: "endless"; readonly delayMs?: number }
  | { readonly kind: "slow-first-byte"; readonly ms: number }
  | { readonly kind: "slow-frames"; readonly ms: number }
  /** A 200 whose body is no JSON, or whose frames are none. */
  | { readonly kind: "garbage" }
  /** A 200 whose JSON is an error. */
  | { readonly kind: "error-in-200"; readonly error?: FaultError }
  /** One frame with so much text. */
  | { readonly kind: "huge-frame"; readonly bytes: number }
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number };

/** A fault: what goes wrong, how often, and for which requests. */
export type Fault = FaultAction & {
  /** How many requests it hits. Default: one when queued, all when standing. */
  readonly times?: number;
  readonly match?: FaultMatch;
};

export type FaultKind = FaultAction["kind"];
