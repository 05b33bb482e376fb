let writes: (() => void)[] = [];
let rest: (() => void)[] = [];
let coming = false;

/**
 * Writes to a socket at the end of this turn of the event loop.
 *
 * A turn reads what has come from many sockets. Were each answer written as soon as it is ready, most writes would wake a
 * process that has just fallen asleep, and waking one costs more than the write; written together, they wake it once.
 */
export function writeSoon(write: () => void): void {
  writes.push(write);
  schedule();
}

/** Does in this turn what nobody waits for, behind all that is to be written. */
export function afterWrites(work: () => void): void {
  rest.push(work);
  schedule();
}

function schedule(): void {
  if (coming) return;
  coming = true;
  setImmediate(end);
}

function end(): void {
  const all = [...writes, ...rest];
  coming = false;
  writes = [];
  rest = [];
  for (const act of all) act();
}
