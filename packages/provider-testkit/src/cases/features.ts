import { type PivotItem, type PivotPart, textWires, type WireFeature, wireFeatures } from "@headgate/wire";
import type { Case, Findings } from "../case.ts";
import { clientBody, picture, tool, toolTurn, user, type Wish } from "../host/questions.ts";
import { oddModels } from "../odd/models.ts";
import type { Subject } from "../subject.ts";
import { show } from "../text.ts";
import { failedBecause, noTextWire, onEachWire } from "./answers.ts";

const noFeatures = (subject: Subject): string | undefined =>
  subject.make().features === undefined ? "the plugin has no features()" : undefined;

const featuresListed: Case = {
  id: "features-listed",
  topic: "needs",
  reason: "`features` names features that there are, each once, for any model.",
  spares: noFeatures,
  run: (subject) => {
    const provider = subject.make();
    const models = [subject.model, ...(subject.plugin.catalog ?? []), ...oddModels];
    const lists = models.map((model) => provider.features?.(model) ?? []);
    const unknown = new Set<unknown>(lists.flat().filter((name) => !wireFeatures.includes(name as WireFeature)));
    const twice = lists.find((list) => new Set(list).size < list.length);
    return [
      ...[...unknown].map((name) => `there is no feature ${show(name)}`),
      ...(twice === undefined ? [] : [`a feature is there twice: ${twice.join(", ")}`]),
    ];
  },
};

const says = (role: "system" | "developer" | "assistant", text: string): PivotItem => ({
  type: "message",
  role,
  parts: [{ type: "text", text }],
});

const shows = (...parts: readonly PivotPart[]): Wish => ({ items: [{ type: "message", role: "user", parts }] });

const withImage = (source: Extract<PivotPart, { readonly type: "image" }>["source"]): PivotPart => ({
  type: "image",
  source,
});

const looked: readonly PivotItem[] = toolTurn("take_picture", "").map((item) =>
  item.type === "function_call_output"
    ? { ...item, parts: [withImage({ kind: "base64", mediaType: "image/png", data: picture })] }
    : item,
);

/** The smallest request that makes use of a feature; those that are not here need more than a request. */
const uses: Readonly<Partial<Record<WireFeature, Wish>>> = {
  custom_tools: { tools: [{ type: "custom", name: "write_poem", description: "Takes a poem." }] },
  developer_role: { items: [says("developer", "Be brief."), user("Hi")] },
  system_turns: { items: [user("Hi"), says("assistant", "Hello."), says("system", "Be brief."), user("And?")] },
  cache_control: shows({ type: "text", text: "Hi", cache: { type: "ephemeral" } }),
  prompt_cache: { cacheKey: "kit" },
  top_k: { topK: 20 },
  service_tier: { serviceTier: "auto" },
  verbosity: { verbosity: "low" },
  metadata: { metadata: { team: "kit" }, user: "someone" },
  media_urls: shows(
    { type: "text", text: "What is it?" },
    withImage({ kind: "url", url: "https://kit.example/a.png" }),
  ),
  media_outputs: { items: looked, tools: [tool("take_picture")] },
  all_efforts: { reasoning: { effort: "xhigh" } },
  adaptive_thinking: { reasoning: { effort: "high", mode: "adaptive" }, maxOutputTokens: 32_000 },
  output_format: { format: { type: "json_object" } },
  reasoning_input: {
    items: [
      user("Hi"),
      { type: "reasoning", text: "A greeting.", summary: [] },
      says("assistant", "Hello."),
      user("And?"),
    ],
  },
};

const featuresTaken: Case = {
  id: "features-taken",
  topic: "needs",
  reason:
    "A declared feature is one that the backend takes, from clients of other wires: what it refuses is no feature.",
  spares: (subject) => noFeatures(subject) ?? noTextWire(subject),
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const findings: Findings[] = [];
      for (const feature of bench.provider.features?.(subject.model) ?? []) {
        const wish = uses[feature];
        for (const client of wish === undefined ? [] : textWires.filter((other) => other !== wire)) {
          const fault = failedBecause(await bench.ask({ wire: client, body: clientBody(client, wish ?? {}) }));
          if (fault !== undefined) findings.push([`${feature} on ${wire}, from a client of ${client}: ${fault}`]);
        }
      }
      return findings.flat();
    }),
};

export const featureCases: readonly Case[] = [featuresListed, featuresTaken];
