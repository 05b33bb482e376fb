/**
 * The commands of the program `headgate`.
 *
 * @packageDocumentation
 */
export { type MainOptions, main } from "./main.ts";
export type { Outlet, Terminal } from "./terminal.ts";
