export { type AskOptions, createAsk } from "./ask.ts";
export { configuredModels } from "./configured-models.ts";
export { Discovery } from "./discovery.ts";
