/** All sprites on one sheet: what the game loads. */

import { readdirSync, readFileSync } from "node:fs";
import type { Animation, Frame } from "../atlas.ts";
import { blank, paste, type Pixels } from "../pixels.ts";
import { spriteFolder } from "./folder.ts";
import { draw } from "./sprite-file.ts";
import { terrain } from "./terrain.ts";

/** Some of these are 1 px apart at fractional scales, so frames keep a distance. */
const GAP = 2;
const SHEET_WIDTH = 512;

/** The page cuts and places these by their edges. */
const FOR_THE_PAGE = /^(ui\.|icon\.|wordmark)/;

export interface Sheet {
  readonly pixels: Pixels;
  readonly frames: Record<string, Frame>;
  readonly animations: Record<string, Animation>;
}

export function spriteFiles(): string[] {
  return readdirSync(spriteFolder).filter((file) => file.endsWith(".sprite")).sort();
}

/** Every frame and animation of the folder `sprites/`, still apart. */
export function drawAll(): { frames: Map<string, Pixels>; animations: Record<string, Animation> } {
  const frames = new Map<string, Pixels>(terrain());
  const animations: Record<string, Animation> = {};
  for (const file of spriteFiles()) {
    const drawn = draw(file.replace(".sprite", ""), sprite(file));
    for (const [name, pixels] of drawn.frames) frames.set(name, FOR_THE_PAGE.test(name) ? pixels : even(pixels));
    for (const [name, animation] of drawn.animations) animations[name] = animation;
  }
  return { frames, animations };
}

/** Even sides, by a column on the right and a row on top: then a frame's middle is between two pixels, and a scene that hangs it there draws it sharp. */
function even(pixels: Pixels): Pixels {
  const grown = blank(pixels.w + (pixels.w & 1), pixels.h + (pixels.h & 1));
  paste(grown, pixels, 0, grown.h - pixels.h);
  return grown;
}

/** A file's text, with the shared parts that it includes. */
function sprite(file: string): string {
  const text = readFileSync(new URL(file, spriteFolder), "utf8");
  return text.replace(/^include (\S+)$/gm, (_, parts: string) => sprite(`parts/${parts}.sprite`));
}

/** Put the frames side by side on shelves, tall ones first. Equal pictures share a place. */
export function pack(frames: ReadonlyMap<string, Pixels>): { pixels: Pixels; places: Record<string, Frame> } {
  const places: Record<string, Frame> = {};
  const known = new Map<string, Frame>();
  const tallFirst = [...frames].sort(([, a], [, b]) => b.h - a.h || b.w - a.w);
  let [x, y, shelf] = [0, 0, 0];
  for (const [name, { w, h, data }] of tallFirst) {
    const key = `${w}x${h}:${Buffer.from(data).toString("base64")}`;
    let place = known.get(key);
    if (!place) {
      if (x + w > SHEET_WIDTH) [x, y, shelf] = [0, y + shelf + GAP, 0];
      place = { x, y, w, h };
      known.set(key, place);
      [x, shelf] = [x + w + GAP, Math.max(shelf, h)];
    }
    places[name] = place;
  }
  const pixels = blank(SHEET_WIDTH, y + shelf);
  for (const [name, frame] of frames) paste(pixels, frame, places[name]!.x, places[name]!.y);
  return { pixels, places };
}

export function compile(): Sheet {
  const { frames, animations } = drawAll();
  const { pixels, places } = pack(frames);
  return { pixels, frames: places, animations };
}
