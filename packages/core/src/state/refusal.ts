import type { WireFault } from "@headgate/wire";

/** Why a turn cannot start. */
export interface Refusal {
  readonly status: number;
  readonly fault: WireFault;
}

export const isRefusal = (value: object): value is Refusal => Object.hasOwn(value, "fault");

/** A request that is wrong in itself. */
export const badRequest = (param: string, message: string, code = "invalid_request"): Refusal => ({
  status: 400,
  fault: { type: "invalid_request_error", code, param, message },
});

/** Something that the request names and that this owner does not have. */
export const notFound = (param: string | undefined, message: string, code = "not_found"): Refusal => ({
  status: 404,
  fault: { type: "invalid_request_error", code, message, ...(param === undefined ? {} : { param }) },
});

/** How every lookup of a response says that there is none. */
export const noResponse = (id: string): Refusal =>
  notFound("response_id", `Response with id '${shown(id)}' not found.`);

/** The memory does not answer, or its key cannot be had: nothing that the client could do differently. */
export const unavailable = (error: unknown): Refusal => {
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 500, fault: { code: "memory_unavailable", message: `the gateway's memory failed: ${detail}` } };
};

/** Names come from clients, and may be long. */
export const shown = (id: string): string => (id.length <= 200 ? id : `${id.slice(0, 200)}…`);
