export { type ConfiguredRef, configuredRefs } from "./configured.ts";
export { createDirectory, type Directory, type ListedName } from "./directory.ts";
export { nearNames } from "./near.ts";
export { isProviderId, parseRef, type Ref } from "./ref.ts";
export type { Resolution } from "./resolve.ts";
