let lastRequest = 0;
const bootId = crypto.randomUUID().replaceAll("-", "").slice(0, 12);

/** Unique across restarts, short in logs, cheap on the data path. */
export function nextRequestId(): string {
  lastRequest++;
  return `${bootId}${lastRequest.toString(36).padStart(6, "0")}`;
}
