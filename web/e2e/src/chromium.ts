/** The scenarios in a real browser: from a page without an origin, as an embedded web view is one, and from the server's own page. */

import { build } from "vite";
import { launch, REACH_LOOPBACK } from "./browser.ts";
import type { runAll } from "./run.ts";
import { type Outcome, Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

declare global {
  var supergameE2e: { runAll: typeof runAll };
}

/** One script for the page. It is evaluated by the debugger's protocol, so that the page's own policy stays as strict as it is. */
async function bundled(): Promise<string> {
  const entry = new URL("./run.ts", import.meta.url).pathname;
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "supergameE2e" } },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  if (!bundle || !("output" in bundle)) throw new Error("the build watches instead of building");
  return `${bundle.output[0].code}\nglobalThis.supergameE2e = supergameE2e;`;
}

const target = targetOf(process.argv.slice(2));
const tap = new Tap();
const script = await bundled();
const browser = await launch(REACH_LOOPBACK);
for (const [address, what] of [["about:blank", "no origin"], [`${target.url}/`, "own page"]] as const) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(script);
  const origin = await page.evaluate(() => window.origin);
  tap.report({ name: `${what}: the page's origin is ${origin}`, reason: (origin === "null") === (what === "no origin") ? undefined : "not the origin that is meant" });
  const outcomes: Outcome[] = await page.evaluate((asked) => globalThis.supergameE2e.runAll(asked), target);
  for (const outcome of outcomes) tap.report({ ...outcome, name: `${what}: ${outcome.name}` });
  const other = { ...target, format: "protobuf" } as const;
  const sockets: Outcome[] = await page.evaluate((asked) => globalThis.supergameE2e.runAll(asked, "socket"), other);
  for (const outcome of sockets) tap.report({ ...outcome, name: `${what}, protobuf: ${outcome.name}` });
  await page.close();
}
await browser.close();
tap.end();
