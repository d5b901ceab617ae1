/** What the pages are made of, bundled for Node, which strips types but does not compile. */

import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The exports of a module of `web`, such as `packages/sim/src/index.ts`. */
export async function bundled<T>(module: string): Promise<T> {
  const entry = fileURLToPath(new URL(`../../${module}`, import.meta.url));
  const built = await build({ configFile: false, logLevel: "error", build: { write: false, minify: false, lib: { entry, formats: ["es"] } } });
  const [bundle] = Array.isArray(built) ? built : [built];
  if (!bundle || !("output" in bundle)) throw new Error("the build watches instead of building");
  return import(`data:text/javascript;base64,${Buffer.from(bundle.output[0].code).toString("base64")}`) as Promise<T>;
}
