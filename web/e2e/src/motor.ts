/** The motor of Kitewind as the game's page has it, bundled for Node, which strips types but does not compile. */

import { fileURLToPath } from "node:url";
import { build } from "vite";

export type Body = Record<"x" | "y" | "vx" | "vy" | "facing" | "grounded", number>;

export interface Sim {
  Key: Record<"left" | "right" | "jump" | "down", number>;
  UNIT: number;
  Stage: { parse(rows: string[]): unknown };
  step(body: Body, keys: number, stage: unknown): number;
}

export async function loadSim(): Promise<Sim> {
  const entry = fileURLToPath(new URL("../../packages/sim/src/index.ts", import.meta.url));
  const built = await build({ configFile: false, logLevel: "error", build: { write: false, minify: false, lib: { entry, formats: ["es"] } } });
  const [bundle] = Array.isArray(built) ? built : [built];
  if (!bundle || !("output" in bundle)) throw new Error("the build watches instead of building");
  return import(`data:text/javascript;base64,${Buffer.from(bundle.output[0].code).toString("base64")}`) as Promise<Sim>;
}
