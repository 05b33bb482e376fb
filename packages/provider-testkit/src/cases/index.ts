import { type Case, topics } from "../case.ts";
import { answerCases } from "./answers.ts";
import { borderCases } from "./borders.ts";
import { configCases } from "./config.ts";
import { detectionCases } from "./detection.ts";
import { discoveryCases } from "./discovery.ts";
import { evidenceCases } from "./evidence.ts";
import { exchangeCases } from "./exchange.ts";
import { failureFuzzCases } from "./failure-fuzz.ts";
import { failureCases } from "./failures.ts";
import { featureCases } from "./features.ts";
import { loadCases } from "./loads.ts";
import { needCases } from "./needs.ts";
import { operationCases } from "./operations.ts";
import { placeCases } from "./places.ts";
import { purityCases } from "./purity.ts";
import { secretCases } from "./secrets.ts";
import { shapeCases } from "./shape.ts";

const all: readonly Case[] = [
  ...shapeCases,
  ...configCases,
  ...purityCases,
  ...answerCases,
  ...exchangeCases,
  ...needCases,
  ...featureCases,
  ...failureCases,
  ...failureFuzzCases,
  ...borderCases,
  ...placeCases,
  ...evidenceCases,
  ...secretCases,
  ...discoveryCases,
  ...loadCases,
  ...detectionCases,
  ...operationCases,
];

/** Every case, by topic, the plainest first. */
export const cases: readonly Case[] = topics.flatMap((topic) => all.filter((one) => one.topic === topic));
