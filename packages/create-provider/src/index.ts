/**
 * `npm create @headgate/provider`.
 *
 * @packageDocumentation
 */
export { main, type Surroundings } from "./main.ts";
