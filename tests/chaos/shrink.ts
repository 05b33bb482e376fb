import type { RequestPlan, Scenario, Script } from "./scenario.ts";

/** Whether a scenario still breaks the rule that is being looked into. */
export type Breaks = (scenario: Scenario) => Promise<boolean>;

/** Makes a scenario as small as it can be and still break: fewer requests, plainer ones, fewer faults. */
export async function shrink(scenario: Scenario, breaks: Breaks): Promise<Scenario> {
  let smallest = scenario;
  for (let found = true; found; ) {
    found = false;
    for (const smaller of smallerOnes(smallest)) {
      if (!(await breaks(smaller))) continue;
      smallest = smaller;
      found = true;
      break;
    }
  }
  return smallest;
}

function* smallerOnes(scenario: Scenario): Generator<Scenario> {
  const { requests, providers, within: _within, routeWithin: _routeWithin, ...bare } = scenario;
  if (scenario.within !== undefined || scenario.routeWithin !== undefined) yield { ...bare, requests, providers };
  for (const index of scenario.reloads.keys()) {
    yield { ...scenario, reloads: scenario.reloads.filter((_, at) => at !== index) };
  }
  const { hedge, ...alone } = scenario;
  if (hedge !== undefined) yield alone;
  for (const index of requests.keys()) {
    if (requests.length > 1) yield { ...scenario, requests: requests.filter((_, at) => at !== index) };
    for (const plainer of plainerOnes(requests[index])) {
      yield { ...scenario, requests: requests.map((request, at) => (at === index ? plainer : request)) };
    }
  }
  for (const [index, { within, fault, concurrency, ...plain }] of providers.entries()) {
    if (within === undefined && fault === undefined && concurrency === undefined) continue;
    yield { ...scenario, providers: providers.map((provider, at) => (at === index ? plain : provider)) };
  }
}

const good: Script = { end: "answers", kind: "overloaded", delay: 0, pace: 0, pieces: 1 };

function* plainerOnes(request: RequestPlan | undefined): Generator<RequestPlan> {
  if (request === undefined) return;
  const { within, key, leaves, ...bare } = request;
  if (within !== undefined || key !== undefined) yield leaves === undefined ? bare : { ...bare, leaves };
  if (leaves !== undefined) yield { ...bare, ...(within && { within }), ...(key && { key }) };
  if (request.wait > 0) yield { ...request, wait: 0 };
  for (const [id, scripts] of Object.entries(request.scripts)) {
    if (scripts.length > 1) yield { ...request, scripts: { ...request.scripts, [id]: scripts.slice(0, 1) } };
    if (JSON.stringify(scripts) !== JSON.stringify([good])) {
      yield { ...request, scripts: { ...request.scripts, [id]: [good] } };
    }
  }
}
