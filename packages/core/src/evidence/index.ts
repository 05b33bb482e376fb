export { type Block, type BlockStore, createMemoryBlocks } from "./blocks.ts";
export { EvidenceDesk, type Seen } from "./desk.ts";
export type { Notice } from "./notice.ts";
export { withBlocks } from "./with-blocks.ts";
