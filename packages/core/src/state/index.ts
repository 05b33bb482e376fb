/** Memory of conversations: what clients of the Responses wire may refer to, over any backend. */
export { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
export { createSealBox, type SealBox, type SealKey, sealKeyLength } from "./seal-box.ts";
export {
  type Awaitable,
  idOf,
  outputOf,
  type ResponseStore,
  type StoredItem,
  type StoredResponse,
} from "./store.ts";
