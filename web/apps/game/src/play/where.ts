/** Where somebody is, in words: at a thing that everybody knows, or by the side of the plaza. */

import { type Stage, type ThingKind, TILE } from "@kitewind/sim";

const LANDMARKS: Partial<Record<ThingKind, string>> = {
  fountain: "at the fountain",
  stall: "at the stall",
  board: "at the board",
  gate: "at the flag",
  kite: "at the great kite",
  windmill: "at the windmill",
  lighthouse: "at the lighthouse",
};
const NEAR_TILES = 6;
const HIGH = 0.45; // of the stage, from above

/** `at` in pixels; empty for somebody who is not to be seen. */
export function whereIs(at: { x: number; y: number } | undefined, stage: Stage): string {
  if (!at) return "";
  const [tx, ty] = [at.x / TILE, at.y / TILE];
  const away = (thing: { tx: number; ty: number }): number => Math.hypot(thing.tx + 0.5 - tx, thing.ty + 1 - ty);
  const near = stage.things.filter(({ kind }) => kind in LANDMARKS).sort((a, b) => away(a) - away(b))[0];
  if (near && away(near) <= NEAR_TILES) return LANDMARKS[near.kind] ?? "";
  const side = tx < stage.width / 3 ? "west" : tx < (stage.width * 2) / 3 ? "in the middle" : "east";
  return ty < stage.height * HIGH ? `${side}, high up` : side;
}
