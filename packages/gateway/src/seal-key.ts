import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sealKeyLength } from "@headgate/core";

/** The name of the key's file in the state folder. */
export const sealKeyFile = "seal.key";

/** The state folder cannot hold the key, or holds one that is none. The message names the file and the fix. */
export class SealKeyError extends Error {
  override readonly name = "SealKeyError";
}

/**
 * The key that seals what clients keep for the gateway, read from the state folder; made there the first time. Folder
 * and file are for the owner's eyes alone.
 *
 * @throws SealKeyError when the folder cannot be written, or the file is no key.
 */
export async function readSealKey(folder: string): Promise<Uint8Array> {
  const file = join(folder, sealKeyFile);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return (await readKey(file)) ?? (await createKey(file));
  } catch (error) {
    if (error instanceof SealKeyError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new SealKeyError(`${file}: the seal key can be neither read nor made (${detail})`, { cause: error });
  }
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (bytes.length !== sealKeyLength) {
    const message = `${file} holds ${bytes.length} bytes and no seal key of ${sealKeyLength}`;
    throw new SealKeyError(`${message}: restore it, or delete it and lose what was sealed with it`);
  }
  // Copied with open permissions, or restored from a backup without any.
  await chmod(file, 0o600);
  return new Uint8Array(bytes);
}

/** Written whole under another name, then linked: of two processes that start at once, both get the first one's key. */
async function createKey(file: string): Promise<Uint8Array> {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    await writeKey(draft, randomBytes(sealKeyLength));
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKey(file);
  if (key === undefined) throw new SealKeyError(`${file} was taken away while it was made`);
  return key;
}

async function writeKey(file: string, key: Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(key);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
