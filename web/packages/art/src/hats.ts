/** Where a hat sits on each picture of a hero: the drawings of all three share one height of the brow, and one nod. */

/** How far the brow is lower than when standing, in pixels, by frame; where none is named, not at all. */
const NODS: Readonly<Record<string, number>> = {
  "idle.2": 1, "idle.3": 1, "run.1": 1, "run.2": -1, "run.4": 1, "run.5": -1, jump: -2, "land.0": 4, "land.1": 1, "cheer.0": 3, "cheer.1": -3, "laugh.1": 1,
};

/** The brow above the feet, in pixels. */
const BROW: Readonly<Record<string, number>> = { pip: 14, moss: 16, bolt: 15 };

/** How far above the feet the hat's lower edge is, on a frame such as `pip-0.run.2`. */
export function hatRise(frame: string): number {
  const [look = "", ...rest] = frame.split(".");
  return (BROW[look.split("-")[0] ?? ""] ?? 14) - (NODS[rest.join(".")] ?? 0);
}
