/**
 * The program `headgate-testkit`.
 *
 * @packageDocumentation
 */
export { main, type Surroundings } from "./main.ts";
