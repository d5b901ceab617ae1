/** A picture of palette colours, and what can be done to it. */

import { type Colour, palette } from "./palette.ts";

export const colours = Object.keys(palette) as Colour[];

/** A pixel of a part that takes away what is under it. */
export const WIPE = 255;

/** Row by row; 0 is nothing, n is the palette's n-th colour, counted from 1. */
export interface Pixels {
  readonly w: number;
  readonly h: number;
  readonly data: Uint8Array;
}

export function blank(w: number, h: number): Pixels {
  return { w, h, data: new Uint8Array(w * h) };
}

export function ink(colour: Colour): number {
  return colours.indexOf(colour) + 1;
}

export function at(pixels: Pixels, x: number, y: number): number {
  return x < 0 || y < 0 || x >= pixels.w || y >= pixels.h ? 0 : pixels.data[y * pixels.w + x]!;
}

/** Lay `part` over `ground`, whose edges cut it off. */
export function paste(ground: Pixels, part: Pixels, left: number, top: number): void {
  for (let y = 0; y < part.h; y++) {
    for (let x = 0; x < part.w; x++) {
      const [to, value] = [{ x: left + x, y: top + y }, at(part, x, y)];
      if (value && to.x >= 0 && to.y >= 0 && to.x < ground.w && to.y < ground.h) ground.data[to.y * ground.w + to.x] = value === WIPE ? 0 : value;
    }
  }
}

export function mirrored(pixels: Pixels): Pixels {
  const turned = blank(pixels.w, pixels.h);
  for (let y = 0; y < pixels.h; y++) for (let x = 0; x < pixels.w; x++) turned.data[y * pixels.w + x] = at(pixels, pixels.w - 1 - x, y);
  return turned;
}

/** One pixel of `colour` around everything that is drawn, also under the feet and in holes. */
export function outlined(pixels: Pixels, colour: Colour): Pixels {
  const drawn = { ...pixels, data: pixels.data.slice() };
  for (let y = 0; y < pixels.h; y++) {
    for (let x = 0; x < pixels.w; x++) {
      const touches = at(pixels, x - 1, y) || at(pixels, x + 1, y) || at(pixels, x, y - 1) || at(pixels, x, y + 1);
      if (!at(pixels, x, y) && touches) drawn.data[y * pixels.w + x] = ink(colour);
    }
  }
  return drawn;
}
