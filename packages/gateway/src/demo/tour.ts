import type { Outlet } from "../cli/terminal.ts";
import { type Backends, fallback, primary } from "./backends.ts";
import { type DemoRequest, toCurl } from "./requests.ts";

/** What the tour leads through. */
export interface Tour {
  readonly url: string;
  readonly requests: readonly DemoRequest[];
  readonly fail: DemoRequest;
  readonly heal: DemoRequest;
  readonly backends: Backends;
  /** How this program is started here. */
  readonly program: string;
}

/** Says what to paste, and what to look at. */
export function printTour(out: Outlet, { url, requests, fail, heal, backends, program }: Tour): void {
  const { bold, cyan, dim } = out.paint;
  const step = (text: string): void => out.line(`\n${bold(text)}\n`);
  const paste = (request: DemoRequest): void => out.line(`  ${cyan(toCurl(request))}\n`);

  out.line(`
Behind it stand two simulated backends; no account, no key, no model is needed.
  asked first   ${primary}   plays a hosted one (us)   ${backends.anthropic}
  asked then    ${fallback}    plays a local one         ${backends.lmstudio}`);

  step("1. Ask, in another terminal, through any of the three APIs:");
  for (const request of requests) paste(request);
  out.line(
    `  Look at the headers: ${bold("x-headgate-model")} says who answered, ${bold("x-headgate-place")} where it ran,`,
  );
  out.line(`  ${bold("x-headgate-attempts")} who was tried, and how that went.`);

  step("2. Make the hosted one fail, then ask again:");
  paste(fail);
  out.line(
    `  Now ${bold("x-headgate-model")} is ${fallback}, and ${bold("x-headgate-attempts")} says why: the hosted one`,
  );
  out.line(`  was ${bold("overloaded")}, once more after a short pause too, and then the local one was ${bold("ok")}.`);

  step("3. Let it recover:");
  paste(heal);

  out.line(bold("With backends of your own:"));
  out.line(
    `  Write headgate.json5, as the README shows, then ${cyan(`${program} check`)} and ${cyan(`${program} serve`)}.`,
  );
  out.line(`  OpenAI clients take ${url}/v1 as their base URL, Anthropic's take ${url}.`);
  out.line(dim("\nCtrl-C ends the demo. Below: one line for each request."));
}
