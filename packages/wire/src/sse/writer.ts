/** One event as it goes on the wire; without a name only its data. Line breaks in `data` become several lines. */
export function formatSse(event: string, data: string): string {
  const lines = data.includes("\n") ? data.replaceAll("\n", "\ndata: ") : data;
  return event === "" ? `data: ${lines}\n\n` : `event: ${event}\ndata: ${lines}\n\n`;
}
