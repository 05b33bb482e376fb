export type { Told } from "./hear.ts";
export type { Wish } from "./request.ts";
export { type SimulatedHouse, type Simulation, type Situation, simulate } from "./simulate.ts";
export { parseDuration, parseTrouble, type Trouble, troubleWords } from "./trouble.ts";
