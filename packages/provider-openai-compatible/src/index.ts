/**
 * The generic adapter, and the profile that other adapters are made of.
 *
 * @packageDocumentation
 */
export { baseUrlSchema, type Config, config } from "./config.ts";
export { default } from "./plugin.ts";
export { type BaseUrl, baseUrlFault, readBaseUrl, wireUrl } from "./profile/base-url.ts";
export { classifyFailure } from "./profile/classify.ts";
export { asCount, asObject, asText, type Fault, readFault } from "./profile/fault.ts";
export { cleanMessage } from "./profile/message.ts";
export { askForList, listModels, rowsOf, uniqueModels } from "./profile/model-list.ts";
export { isSameModel, observeModel, servedModel } from "./profile/observe.ts";
export { createProvider, type ModelRequest, modelRequest, type Profile } from "./profile/profile.ts";
export { readRetryAfter } from "./profile/retry-after.ts";
export type { FailureRule } from "./profile/rule.ts";
