/** Clouds of overlapping puffs, lit from the upper left. */

import { dithered } from "./dither.ts";
import type { Colour } from "./palette.ts";
import { blank, ink, type Pixels } from "./pixels.ts";
import { random } from "./random.ts";
import { type Context, put } from "./sky.ts";

export interface Puff {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Lay puffs one over the other, the later the nearer. They wrap around the sheet's sides; below `floor` nothing is drawn. */
export function puffs(sheet: Pixels, all: readonly Puff[], tones: readonly Colour[], floor = sheet.h): void {
  const ramp = tones.map(ink);
  for (const { x, y, radius } of all) {
    const [left, top] = [Math.floor(x - radius), Math.max(0, Math.floor(y - radius))];
    for (let py = top; py <= Math.min(floor - 1, y + radius); py++) {
      for (let px = left; px <= x + radius; px++) {
        const [dx, dy] = [(px - x) / radius, (py - y) / radius];
        if (dx * dx + dy * dy > 1) continue;
        const wrapped = ((px % sheet.w) + sheet.w) % sheet.w;
        sheet.data[py * sheet.w + wrapped] = ramp[dithered(shade(dx, dy) * (ramp.length - 1), ramp.length, wrapped, py)]!;
      }
    }
  }
}

/** 0 where the light falls, 1 where it does not; (dx, dy) on the unit disc. */
function shade(dx: number, dy: number): number {
  return 0.58 + dx * 0.2 + dy * 0.8;
}

/** The puffs of one heap of cloud: a row of small ones in front of a few big ones, on a flat base at `base`. */
export function heap(next: () => number, x: number, base: number, width: number, height: number): Puff[] {
  const back: Puff[] = Array.from({ length: 4 }, (_, index) => {
    const along = (index + 0.5 + (next() - 0.5) * 0.5) / 4;
    const rise = Math.sin(along * Math.PI);
    return { x: x + (along - 0.5) * width * 0.7, y: base - height * 0.55 * rise, radius: height * (0.24 + 0.22 * rise) };
  });
  const count = Math.max(4, Math.round(width / (height * 0.34)));
  const front: Puff[] = Array.from({ length: count }, (_, index) => {
    const along = (index + 0.5) / count;
    const rise = Math.sin(along * Math.PI) ** 0.6;
    return { x: x + (along - 0.5) * width, y: base - height * 0.08, radius: height * (0.12 + 0.2 * rise * (0.7 + 0.5 * next())) };
  });
  return [...back, ...front];
}

/** A wall of cloud from top to bottom, its puffs to the right: where a world ends. The seed decides the shapes. */
export function cloudBank(ctx: Context, width: number, height: number, seed: number): void {
  const [sheet, next] = [blank(width, height), random(seed)];
  const row = (every: number, least: number, most: number, reach: number): Puff[] =>
    Array.from({ length: Math.ceil(height / every) + 1 }, (_, index) => {
      const radius = least + next() * (most - least);
      return { x: Math.max(radius, width - 1 - radius - next() * reach), y: (index + next() * 0.7) * every, radius };
    });
  const solid = ink("peach");
  for (let y = 0; y < height; y++) sheet.data.fill(solid, y * width, y * width + (width >> 1));
  puffs(sheet, [...row(17, 12, 19, 6), ...row(23, 7, 13, width / 2)], ["cream", "peach", "blossom", "lilac"]);
  put(ctx, sheet);
}
