import { type FSWatcher, unwatchFile, watch, watchFile } from "node:fs";
import { basename, dirname } from "node:path";

/** Milliseconds without a change after which a file is taken to be written. */
const settled = 100;

/** Milliseconds between two looks, where the system does not tell of changes: network drives, replaced folders and links. */
const lookEvery = 2000;

/**
 * Calls back when a file may have changed, once it has been left alone for a moment. Editors write it in place, in
 * pieces, or put another file in its place: its folder is watched, and the name beside it. The result ends it.
 */
export function watchConfig(file: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settled).unref();
  };
  watchFile(file, { interval: lookEvery, persistent: false }, changed);
  const folder = watchFolder(file, changed);
  return () => {
    clearTimeout(timer);
    unwatchFile(file, changed);
    folder?.close();
  };
}

/** The quicker way, where there is one. */
function watchFolder(file: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
      if (name === null || name === basename(file)) changed();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
