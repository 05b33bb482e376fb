import { type TextWire, textWires } from "@headgate/wire";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What a request is played with; without any of it, none is. */
export interface SimulationOptions {
  readonly fail?: readonly string[];
  readonly cold?: readonly string[];
  readonly tokens?: number;
  readonly tools?: true;
  readonly images?: true;
  readonly stream?: true;
  readonly wire?: TextWire;
}

/** Longest input that is played, in tokens: it is made, and read, as a real one would be. */
const mostTokens = 10_000_000;

/** Adds the options of a simulated request. */
export function withSimulationOptions(command: Command): Command {
  return command
    .option("--fail <who=how>", "simulate: this model or provider fails in this way; repeatable", collectPairs)
    .option(
      "--cold <ref[=time]>",
      "simulate: this model is not in memory, and its load takes 30s, or this time; repeatable",
      collect,
    )
    .option("--tokens <count>", "simulate: the input has so many tokens", parseTokens)
    .option("--tools", "simulate: the request brings a tool")
    .option("--images", "simulate: the request brings an image")
    .option("--stream", "simulate: the client wants a stream")
    .addOption(new Option("--wire <wire>", "simulate: the client's wire (default: chat)").choices([...textWires]));
}

/** True where one of these options is given. */
export function wantsSimulation({ fail, cold, tokens, tools, images, stream, wire }: SimulationOptions): boolean {
  return [fail, cold, tokens, tools, images, stream, wire].some((option) => option !== undefined);
}

/** For the command's help. */
export const simulationHelp = `With one of the options that simulate, a request is played by the code that serves, on virtual time, and nothing is sent:
  headgate explain sonnet --fail anthropic=529 --cold lmstudio/qwen3-8b
  headgate explain default --tokens 150000 --tools --within eu
  headgate explain default --fail anthropic/claude-sonnet-4-5=hang --stream --wire messages

--fail takes a status from 400 to 599, with a Retry-After where one follows (529, 429:30s): the reply has that status and a
plain error body, and the plugin says what it means. It takes what happens on a connection: refuse (or unreachable), dns,
tls, connect (no connection in time), reset, hang (or timeout: no answer in time). And it takes a failure by its name,
which nobody has to read in a reply: overloaded, rate_limited, quota_exhausted, unauthenticated, forbidden, model_missing,
model_loading, model_cold, context_overflow, output_limit, invalid_request, unsupported, content_filtered, refused, policy,
bad_answer. Whoever fails goes on failing. All else answers at once, a back-off lasts half of the longest it may, and
all breakers are closed: those that are open in a gateway that serves this config are named beside.
--json then writes { receipt, client: { status, retryAfter?, error?: { message, type?, code? } }, notes }.`;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function collectPairs(value: string, before?: readonly string[]): readonly string[] {
  if (!/^.+=.+$/.test(value)) {
    throw new InvalidArgumentError("Write a model or a provider, an equals sign, and a status or a failure.");
  }
  return collect(value, before);
}

function parseTokens(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostTokens) return count;
  throw new InvalidArgumentError(`A number of tokens is from 1 to ${mostTokens}.`);
}
