import { type Client, errorOutbound, nextRequestId, type Outbound } from "@headgate/core";
import { type Archive, ArchiveUnavailable } from "../store/archive.ts";

/** Where a receipt is asked for. */
export const receiptPath = /^\/receipts\/([^/]+)$/;

/** Answers with a receipt: to the client whose request it is of, and to nobody else. What it gives is on the disk. */
export async function receiptOutbound(
  archive: Archive | undefined,
  id: string,
  client: Client | undefined,
): Promise<Outbound> {
  if (archive === undefined) return refused(404, "receipts_off", "receipts are not kept here (gateway.receipts)");
  try {
    const body = await archive.ask("receipt", { id, owner: client?.id ?? "" });
    if (body === undefined) return refused(404, "not_found", `There is no receipt ${id.slice(0, 100)}`);
    return { status: 200, headers: { "content-type": "application/json", "cache-control": "no-cache" }, body };
  } catch (error) {
    if (!(error instanceof ArchiveUnavailable)) throw error;
    const { status, headers, body } = refused(503, "receipts_unavailable", "receipts cannot be read at the moment");
    return { status, headers: { ...headers, "retry-after": "5" }, body };
  }
}

const refused = (status: number, code: string, message: string): Outbound =>
  errorOutbound("chat", status, { message, code }, nextRequestId());
