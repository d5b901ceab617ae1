/** The way up to the great kite, as arrows from the flag on. */

import { type Place, type Stage, TILE } from "@kitewind/sim";

export interface Signpost {
  /** In pixels. */
  readonly x: number;
  readonly y: number;
  /** How far the arrow, which points up, is turned to the right. */
  readonly degrees: number;
}

/** Where one stands on the way, in tiles of the plaza: two pads, and clouds between them. */
export const STOPS: readonly Place[] = [
  [72, 29], [80, 28], [78, 21], [84, 18], [93, 15], [98, 12], [93, 9], [90, 9], [82, 5], [77, 5],
].map(([tx = 0, ty = 0]) => ({ tx, ty }));

const EVERY_PX = 2 * TILE;
const ABOVE_PX = 22; // over the heads

/** Empty for a stage whose gate and kite are not those of the plaza. */
export function wayUp(stage: Stage): Signpost[] {
  const isAt = (kind: "gate" | "kite", stop: Place | undefined): boolean => stage.all(kind).some(({ tx, ty }) => tx === stop?.tx && ty === stop.ty);
  if (!isAt("gate", STOPS[0]) || !isAt("kite", STOPS.at(-1))) return [];
  const places = STOPS.map(({ tx, ty }) => ({ x: (tx + 0.5) * TILE, y: (ty + 1) * TILE - ABOVE_PX }));
  return places.slice(1).flatMap((to, index) => between(places[index]!, to));
}

function between(from: { x: number; y: number }, to: { x: number; y: number }): Signpost[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const count = Math.max(1, Math.floor(Math.hypot(dx, dy) / EVERY_PX));
  const degrees = Math.round(Math.atan2(dx, -dy) / (Math.PI / 4)) * 45;
  const at = (start: number, way: number, step: number): number => Math.round(start + (way * (step + 0.5)) / count);
  return Array.from({ length: count }, (_, step) => ({ x: at(from.x, dx, step), y: at(from.y, dy, step), degrees }));
}
