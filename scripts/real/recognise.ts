import type { Ask, ProviderPlugin } from "@headgate/core";
import { ask } from "../../tests/harness/ask.ts";
import type { Observation } from "./compare.ts";
import type { Target } from "./target.ts";

/** What the plugin's own detection makes of a server. The address is the machine's, and left out. */
export async function recognise({ seats }: Target, { detect }: ProviderPlugin): Promise<Observation> {
  const { origin } = seats.say;
  const plain: Ask = async (url) => ask(url);
  const found = await detect?.recognise(origin, plain);
  const { name = "no name", id = "no id" } = found ?? {};
  return { status: found === undefined ? 404 : 200, media: "", shape: [`name: ${name}`, `id: ${id}`] };
}
