import { checkStream, type TextWire, textWires } from "@headgate/wire";
import type { Case, Findings } from "../case.ts";
import { type Answered, type Bench, type BenchOptions, withBench } from "../host/bench.ts";
import { clientBody, tool, toolTurn, user, type Wish } from "../host/questions.ts";
import type { Subject } from "../subject.ts";
import { show, stringsIn } from "../text.ts";
import { settled } from "./settled.ts";

/** The text wires that a plugin declares. */
export const textWiresOf = (subject: Subject): readonly TextWire[] =>
  textWires.filter((wire) => subject.make().wires[wire] !== undefined);

export const noTextWire = (subject: Subject): string | undefined =>
  textWiresOf(subject).length === 0 ? "the plugin speaks no wire of conversations" : undefined;

/** Runs something on every declared wire, each alone. */
export async function onEachWire(
  subject: Subject,
  use: (bench: Bench, wire: TextWire) => Promise<Findings>,
  row: NonNullable<BenchOptions["row"]> = {},
): Promise<Findings> {
  const findings: string[] = [];
  for (const only of textWiresOf(subject)) {
    findings.push(...(await withBench(subject, { only, row }, (bench) => use(bench, only))));
  }
  return findings;
}

const words = "Grüße, 世界! 👋🏽 a\u00a0b \u2028 “quotes” \\ and \u0007.";

/** Whole and streamed, and for a client of every wire. */
async function forEachClient(
  bench: Bench,
  wire: TextWire,
  wish: Wish,
  judge: (answered: Answered) => string | undefined,
): Promise<Findings> {
  const findings: string[] = [];
  for (const client of textWires) {
    const answered = await bench.ask({ wire: client, body: clientBody(client, wish) });
    const fault = failedBecause(answered) ?? judge(answered);
    if (fault !== undefined) findings.push(`on ${wire}, for a client of ${client}: ${fault}`);
  }
  return findings;
}

/** Why there is no good answer; nothing where there is one. */
export function failedBecause({ status, receipt, attempt, broken, text }: Answered): string | undefined {
  if (status !== 200) {
    return `status ${status}, ${attempt?.outcome ?? "nobody asked"}: ${attempt?.message ?? receipt.failure?.message ?? show(text)}`;
  }
  if (receipt.attempts.length > 1)
    return `asked ${receipt.attempts.length} times; at first ${attempt?.outcome}: ${attempt?.message}`;
  return broken === undefined ? undefined : `the answer breaks: ${broken}`;
}

const saysSo = ({ said }: Answered): string | undefined =>
  said === words ? undefined : `the backend's words arrive as ${show(said)}`;

const serves =
  (stream: boolean): Case["run"] =>
  (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const sample = await ownAnswer(bench, wire, stream);
      bench.backend.say({ text: words });
      return [...sample, ...(await forEachClient(bench, wire, { stream }, saysSo))];
    });

/** What the backend says by itself: the author's own sample, or a greeting. */
async function ownAnswer(bench: Bench, wire: TextWire, stream: boolean): Promise<Findings> {
  const answered = await bench.ask({ wire, body: clientBody(wire, { stream }) });
  const fault =
    failedBecause(answered) ?? (answered.said === "" && answered.calls.length === 0 ? "it is empty" : undefined);
  return fault === undefined ? [] : [`the backend's own answer on ${wire}: ${fault}`];
}

const servesText: Case = {
  id: "serves-text",
  topic: "answers",
  reason: "On every declared wire the backend answers, whole, and its words reach clients of all three wires.",
  spares: noTextWire,
  run: serves(false),
};

const servesStream: Case = {
  id: "serves-stream",
  topic: "answers",
  reason:
    "On every declared wire the backend streams, and its words reach clients of all three wires, to a proper end.",
  spares: noTextWire,
  run: serves(true),
};

const called = { name: "get_weather", arguments: { city: "Tromsø" } };

const servesTools: Case = {
  id: "serves-tools",
  topic: "answers",
  reason: "Tools reach the backend on every declared wire, and its calls reach the client, whole and streamed.",
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      bench.backend.say({ call: called });
      const judge = ({ calls }: Answered): string | undefined => {
        const [call] = calls;
        const right = call?.name === called.name && call.arguments.replace(/\s/g, "") === '{"city":"Tromsø"}';
        const offered = stringsIn(bench.backend.arrived.at(-1)?.body).includes(called.name);
        if (!offered) return "the tool does not reach the backend";
        return right ? undefined : `the call arrives as ${show(calls)}`;
      };
      const wish = { tools: [tool(called.name)] };
      const whole = await forEachClient(bench, wire, wish, judge);
      return [...whole, ...(await forEachClient(bench, wire, { ...wish, stream: true }, judge))];
    }),
};

const servesToolTurn: Case = {
  id: "serves-tool-turn",
  topic: "answers",
  reason: "A call and its result, given back in the next turn, reach the backend.",
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      bench.backend.say({ text: words });
      const result = "Regen, 7 °C, marker-5f1c";
      const wish = { items: toolTurn(called.name, result), tools: [tool(called.name)] };
      return forEachClient(bench, wire, wish, () => {
        const strings = stringsIn(bench.backend.arrived.at(-1)?.body);
        return strings.some((text) => text.includes(result)) ? undefined : "the result does not reach the backend";
      });
    }),
};

const wiresExact: Case = {
  id: "wires-exact",
  topic: "answers",
  reason: "`exact` means that the backend's bytes keep the rules of their wire; else the wire is `approximate`.",
  spares: (subject) =>
    noTextWire(subject) ?? (exactWires(subject).length === 0 ? "the plugin calls no wire exact" : undefined),
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      if (!exactWires(subject).includes(wire)) return [];
      const plain = await bench.ask({ wire, body: clientBody(wire, { stream: true }) });
      bench.backend.say({ call: called });
      const tools = { stream: true, tools: [tool(called.name)] };
      const calling = await bench.ask({ wire, body: clientBody(wire, tools) });
      return [...brokenRules(wire, plain), ...thinksInText(bench, wire, plain), ...brokenRules(wire, calling)];
    }),
};

const exactWires = (subject: Subject): readonly TextWire[] =>
  textWiresOf(subject).filter((wire) => subject.make().wires[wire] === "exact");

const brokenRules = (wire: TextWire, { frames }: Answered): Findings =>
  checkStream(wire, settled(wire, frames)).map((rule) => `${wire} is not exact: ${rule}`);

function thinksInText({ provider }: Bench, wire: TextWire, { said }: Answered): Findings {
  if (!/<\/?think>/.test(said) || provider.features?.({ id: "m" }).includes("think_tags")) return [];
  return [`${wire} is not exact: its text holds think tags, and the feature think_tags is not declared`];
}

const modelVerbatim: Case = {
  id: "model-verbatim",
  topic: "answers",
  reason: "A model's id reaches the backend as the user wrote it, slashes, colons and all.",
  spares: noTextWire,
  run: async (subject) => {
    const id = "vendor/Some-Model:free@q4_k_m";
    const findings: string[] = [];
    for (const only of textWiresOf(subject)) {
      await withBench(subject, { only, models: [id] }, async (bench) => {
        const { receipt } = await bench.ask({ wire: only, model: id, body: clientBody(only, {}) });
        // A row that promises a place asks no model of which it is not known.
        if (receipt.attempts.length === 0 && receipt.failure?.kind === "policy") return;
        // A look at what is in memory may come before.
        const { body, path = "" } = bench.backend.arrived.find(({ method }) => method === "POST") ?? {};
        const model = (body as { readonly model?: unknown } | undefined)?.model;
        const inPath = path.includes(id) || path.includes(encodeURIComponent(id));
        if (model !== id && !inPath) findings.push(`on ${only} the backend is asked for ${show(model)}, not for ${id}`);
      });
    }
    return findings;
  },
};

const unicode = "\u0000\t\r\n👩‍👩‍👧‍👦 نص 𝔘 \ufeff \ufffd \u2028 e\u0301 <|im_end|> </s> ${HOME} %20 \\u0041";

/** However small the model's window is: the host would refuse what does not fit before the plugin is asked. */
const roomy = ({ model: { id } }: Subject): NonNullable<BenchOptions["row"]> => ({
  models: [{ id, contextWindow: 1_000_000 }],
});

/** Sends a prompt on every wire and looks for it in what arrived. */
const carries =
  (prompt: string, wish: Wish, missing: (strings: readonly string[]) => string | undefined): Case["run"] =>
  (subject) =>
    onEachWire(
      subject,
      async (bench, wire) => {
        const answered = await bench.ask({ wire, body: clientBody(wire, { ...wish, items: [user(prompt)] }) });
        const fault = failedBecause(answered) ?? missing(stringsIn(bench.backend.arrived.at(-1)?.body));
        return fault === undefined ? [] : [`on ${wire}: ${fault}`];
      },
      roomy(subject),
    );

const unicodeUnchanged: Case = {
  id: "unicode-unchanged",
  topic: "answers",
  reason: "Every character of a prompt arrives as it was written.",
  spares: noTextWire,
  run: carries(unicode, {}, (strings) => (strings.includes(unicode) ? undefined : "the prompt arrives changed")),
};

const large = "All work and no play makes a dull prompt. ".repeat(25_000);

const largePrompt: Case = {
  id: "large-prompt",
  topic: "answers",
  reason: "A prompt of a megabyte arrives whole.",
  spares: noTextWire,
  run: carries(large, {}, (strings) => (strings.includes(large) ? undefined : "the prompt arrives changed or cut")),
};

const manyTools = Array.from({ length: 200 }, (_, index) => tool(`tool_${index}`, `property_${index}`));

const manyToolsArrive: Case = {
  id: "many-tools",
  topic: "answers",
  reason: "Two hundred tools arrive, each with its schema.",
  spares: noTextWire,
  run: carries("Hi", { tools: manyTools }, (strings) => {
    const arrived = new Set(strings);
    const lost = manyTools.filter(({ name }, at) => !arrived.has(name) || !arrived.has(`property_${at}`));
    return lost.length === 0 ? undefined : `${lost.length} of 200 tools do not arrive, ${lost[0]?.name} among them`;
  }),
};

export const answerCases: readonly Case[] = [
  servesText,
  servesStream,
  servesTools,
  servesToolTurn,
  wiresExact,
  modelVerbatim,
  unicodeUnchanged,
  largePrompt,
  manyToolsArrive,
];
