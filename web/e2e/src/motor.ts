/** The motor of Kitewind as the game's page has it. */

import { bundled } from "./bundle.ts";

export type Body = Record<"x" | "y" | "vx" | "vy" | "facing" | "grounded", number>;

export interface Sim {
  Key: Record<"left" | "right" | "jump" | "down", number>;
  UNIT: number;
  Stage: { parse(rows: string[]): unknown };
  step(body: Body, keys: number, stage: unknown): number;
}

export const loadSim = (): Promise<Sim> => bundled<Sim>("packages/sim/src/index.ts");
