/** What drifts between the sky and the islands: heaps of cloud, far islands, a sea of clouds below. Sheets that repeat to the sides. */

import { heap, type Puff, puffs } from "./clouds.ts";
import { dithered } from "./dither.ts";
import type { Colour, Theme, ThemeName } from "./palette.ts";
import { blank, ink, type Pixels } from "./pixels.ts";
import { random } from "./random.ts";
import { type Context, put, themeOf } from "./sky.ts";

/** One sheet of the backdrop. It repeats seamlessly to the sides. */
export interface Layer {
  readonly name: string;
  /** Size of the picture, in logical pixels. */
  readonly width: number;
  readonly height: number;
  /** How much of the camera's way the layer goes along: 0 stands still, 1 moves as the stage does. */
  readonly follow: number;
  /** Its own drift, pixels a second to the right; leave it out under reduced motion. */
  readonly drift: number;
  /** Where its lower edge stands when the camera is at the stage's bottom, from the lower edge of the view, in logical pixels; upwards is positive. */
  readonly rise: number;
  /** The picture itself, for tests and other painters. */
  pixels(): Pixels;
  /** Draws the sheet at (0, 0) of an empty canvas of `width` x `height`. */
  paint(ctx: Context): void;
}

const WIDTH = 720;

type Draw = (sheet: Pixels, theme: Theme, next: () => number) => void;
type Plan = Omit<Layer, "pixels" | "paint" | "width"> & { readonly draw: Draw };

const PLANS: readonly Plan[] = [
  { name: "streaks", height: 120, follow: 0.02, drift: 0.6, rise: 145, draw: streaks },
  { name: "kites", height: 130, follow: 0.05, drift: 3, rise: 110, draw: kites },
  { name: "heaps", height: 130, follow: 0.06, drift: 1.2, rise: 34, draw: heaps },
  { name: "far-islands", height: 130, follow: 0.12, drift: 0, rise: 70, draw: (sheet, theme, next) => islands(sheet, theme.far, next, 5, 26) },
  { name: "far-sea", height: 84, follow: 0.18, drift: 2.5, rise: 0, draw: (sheet, theme, next) => sea(sheet, theme.seaFar, next, 17, 34) },
  { name: "islands", height: 160, follow: 0.26, drift: 0, rise: 44, draw: (sheet, theme, next) => islands(sheet, theme.near, next, 3, 48) },
  { name: "sea", height: 56, follow: 0.4, drift: 5, rise: 0, draw: (sheet, theme, next) => sea(sheet, theme.cloud, next, 24, 30) },
];

/** The layers of a theme, far to near. The seed decides the shapes. */
export function backdrop(theme: ThemeName | Theme, seed: number): Layer[] {
  return PLANS.map(({ draw, ...plan }, index) => {
    const pixels = (): Pixels => {
      const sheet = blank(WIDTH, plan.height);
      draw(sheet, themeOf(theme), random(seed * 31 + index));
      return sheet;
    };
    return { ...plan, width: WIDTH, pixels, paint: (ctx) => put(ctx, pixels()) };
  });
}

/** Thin high clouds, drawn out by the wind. */
function streaks(sheet: Pixels, theme: Theme, next: () => number): void {
  for (let count = 0; count < 9; count++) {
    const [x, y, length] = [next() * sheet.w, 8 + next() * (sheet.h - 20), 60 + next() * 120];
    for (let line = 0; line < 4; line++) {
      const from = x + next() * length * 0.4;
      const reach = length * (0.35 + 0.5 * next());
      for (let step = 0; step < reach; step++) {
        const px = Math.floor(from + step) % sheet.w;
        const thin = Math.abs(step / reach - 0.5) * 2;
        if (dithered(1.5 - thin * 1.5, 2, px, Math.floor(y) + line)) sheet.data[(Math.floor(y) + line) * sheet.w + px] = ink(theme.streak);
      }
    }
  }
}

/** A few kites, whose tails stream behind them. */
function kites(sheet: Pixels, { kite: [light, shade] }: Theme, next: () => number): void {
  for (let nth = 0; nth < 4; nth++) {
    const [x, y, half] = [Math.round(((nth + next() * 0.7) / 4) * sheet.w), Math.round(8 + next() * (sheet.h - 40)), 3 + (nth & 1)];
    const dot = (dx: number, dy: number, colour: Colour): void => {
      sheet.data[(y + dy) * sheet.w + ((x + dx + sheet.w) % sheet.w)] = ink(colour);
    };
    for (let dy = -half; dy <= half + 2; dy++) {
      const wide = dy <= 0 ? half + dy : Math.round((half * (half + 2 - dy)) / (half + 2));
      for (let dx = -wide; dx <= wide; dx++) dot(dx, dy, dx + dy * 0.3 < 0 ? light : shade);
    }
    for (let length = 0; length < half * 4; length++) dot(-length - 1, half + 3 + Math.round(Math.sin(length * 0.7) * 1.4 + length * 0.2), shade);
  }
}

function heaps(sheet: Pixels, theme: Theme, next: () => number): void {
  for (let count = 0; count < 6; count++) {
    const size = 0.55 + next() * 0.6;
    const x = ((count + next() * 0.5) / 6) * sheet.w;
    puffs(sheet, heap(next, x, sheet.h - next() * 40, 130 * size, 74 * size), theme.heap, sheet.h);
  }
}

/** A closed ceiling of cloud, seen from above: rows of puffs, the nearer the bigger, down to the sheet's lower edge. */
function sea(sheet: Pixels, tones: readonly Colour[], next: () => number, radius: number, top: number): void {
  for (let y = top; y < sheet.h + radius; y += radius * 1.05) {
    const count = Math.round(sheet.w / (radius * 1.5));
    const row: Puff[] = Array.from({ length: count }, (_, index) => ({
      x: ((index + next() * 0.6) / count) * sheet.w,
      y: y + radius * (next() * 0.9 - 0.2),
      radius: radius * (0.8 + next() * 0.7),
    }));
    puffs(sheet, row, tones);
  }
  const shade = ink(tones.at(-1)!);
  for (let x = 0; x < sheet.w; x++) for (let y = top + (radius >> 1); y < sheet.h; y++) if (!sheet.data[y * sheet.w + x]) sheet.data[y * sheet.w + x] = shade;
}

/** Floating islands in the distance: a cap of meadow, a cone of rock below it, a few trees above. Tones: meadow lit, meadow, rock lit, rock. */
function islands(sheet: Pixels, tones: readonly Colour[], next: () => number, count: number, halfWidth: number): void {
  for (let nth = 0; nth < count; nth++) {
    const half = Math.round(halfWidth * (0.6 + next() * 0.7));
    const place = { x: Math.round(((nth + 0.2 + next() * 0.6) / count) * sheet.w), y: Math.round(sheet.h * (0.3 + next() * 0.3)) };
    island(sheet, tones, next, place, half);
  }
}

type Dot = (x: number, y: number, value: number) => void;

function island(sheet: Pixels, tones: readonly Colour[], next: () => number, place: { x: number; y: number }, half: number): void {
  const [lit, meadow, rockLit, rock] = tones.map(ink) as [number, number, number, number];
  const dot: Dot = (x, y, value) => {
    if (y >= 0 && y < sheet.h) sheet.data[y * sheet.w + (((x % sheet.w) + sheet.w) % sheet.w)] = value;
  };
  const lobes = Array.from({ length: 3 }, () => ({ at: (next() - 0.5) * 1.1, depth: 0.45 + next() * 0.65, wide: 0.22 + next() * 0.3 }));
  const facets = Array.from({ length: half }, () => next() * 1.6 - 0.9);
  const top = (dx: number): number => place.y - Math.round((1 - Math.abs(dx / half) ** 4) * (2 + half * 0.08));
  for (let dx = -half; dx <= half; dx++) {
    const along = dx / half;
    const hang = Math.max(...lobes.map(({ at, depth, wide }) => depth * Math.max(0, 1 - Math.abs(along - at) / wide)));
    const depth = Math.round((half * (0.22 + hang * 0.62) * (1 - Math.abs(along) ** 5)) / 2) * 2;
    for (let y = top(dx); y < place.y + depth; y++) {
      const facet = facets[(dx + half + ((y - place.y) >> 2)) >> 2]! + along * 1.3 + (y - place.y) / half;
      const grass = y - top(dx) - ((dx * 7) & 3 ? 0 : 1);
      dot(place.x + dx, y, grass < 1 ? lit : grass < 3 ? meadow : facet < 0.2 ? rockLit : rock);
    }
  }
  for (let trees = Math.floor(half / 9); trees > 0; trees--) {
    const dx = Math.round((next() - 0.5) * half * 1.5);
    tree(dot, place.x + dx, top(dx), Math.max(2, Math.round(half * (0.06 + next() * 0.09))), [lit, meadow, rock]);
  }
}

/** Three puffs on a stem. */
function tree(dot: Dot, x: number, foot: number, radius: number, [lit, leaf, trunk]: [number, number, number]): void {
  for (let y = 0; y < radius * 2; y++) dot(x, foot - 1 - y, trunk);
  for (const [across, up] of [[-0.8, 1.7], [0.9, 1.8], [0, 2.8]] as const) {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        if (dx * dx + dy * dy > radius * radius) continue;
        dot(x + Math.round(across * radius) + dx, foot - Math.round(up * radius) + dy, dx + 2 * dy < -radius ? lit : leaf);
      }
    }
  }
}
