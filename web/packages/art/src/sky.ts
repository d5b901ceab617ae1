/** The sky, painted once on Canvas 2D with the palette alone. */

import { dithered } from "./dither.ts";
import { type Colour, rgb, type Theme, type ThemeName, themes } from "./palette.ts";
import { blank, colours, ink, type Pixels } from "./pixels.ts";

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export function themeOf(theme: ThemeName | Theme): Theme {
  return typeof theme === "string" ? themes[theme] : theme;
}

/** The dithered sky with its sun on a canvas of `width` x `height`. `timeOfDay` from 0 to 1 lets the sun sink from the upper half to the horizon. */
export function paintSky(ctx: Context, width: number, height: number, theme: ThemeName | Theme, timeOfDay = 0.5): void {
  put(ctx, skyPixels(width, height, themeOf(theme), timeOfDay));
}

/** The sky's bands and the sun's halo, which pulls the bands towards the horizon's colours. */
export function skyPixels(width: number, height: number, theme: Theme, timeOfDay: number): Pixels {
  const pixels = blank(width, height);
  const bands = theme.sky.map(ink);
  const sun = { x: Math.round(width * 0.7), y: Math.round(height * (0.34 + 0.36 * timeOfDay)), radius: Math.round(height * 0.075) };
  for (let y = 0; y < height; y++) {
    const level = (y / height) ** 1.15 * (bands.length - 0.6);
    for (let x = 0; x < width; x++) {
      const away = Math.hypot(x - sun.x, y - sun.y) / sun.radius;
      pixels.data[y * width + x] = away < 1 ? ink(theme.sun) : bands[dithered(warmed(level, away, theme.sky.indexOf(theme.glow)), bands.length, x, y)]!;
    }
  }
  return pixels;
}

/** Near the sun every band leans to the theme's glow. */
function warmed(level: number, away: number, glow: number): number {
  const halo = Math.max(0, 1 - (away - 1) / 5.5);
  return level + (glow - level) * halo * halo;
}

/** Show palette pixels on a canvas, at (0, 0). */
export function put(ctx: Context, pixels: Pixels): void {
  const image = ctx.createImageData(pixels.w, pixels.h);
  const table = colours.map((colour: Colour) => rgb(colour));
  pixels.data.forEach((value, index) => {
    const entry = table[value - 1];
    if (entry) image.data.set([...entry, 255], index * 4);
  });
  ctx.putImageData(image, 0, 0);
}
