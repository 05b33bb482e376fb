export { fallbackToWarm } from "./cold-start.ts";
export { LoadDesk } from "./desk.ts";
export { type LoadOptions, type LoadResult, loadModel } from "./load-model.ts";
export { askStatus, type LoadMeans } from "./status.ts";
