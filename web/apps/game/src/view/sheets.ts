/** The backdrop's sheets as canvases, painted once: the splash shows them first, the plaza's view takes over the same ones. */

import { backdrop, type Layer, paintSky, type ThemeName } from "@kitewind/art";

export const THEME: ThemeName = "golden";
const SEED = 20; // of the shapes

export interface Sheet extends Pick<Layer, "name" | "width" | "height" | "follow" | "drift" | "rise"> {
  readonly canvas: HTMLCanvasElement;
}

let layers: readonly Sheet[] | undefined;
let sky: HTMLCanvasElement | undefined;

export function backdropSheets(): readonly Sheet[] {
  return (layers ??= backdrop(THEME, SEED).map((layer) => {
    const { name, width, height, follow, drift, rise } = layer;
    return { name, width, height, follow, drift, rise, canvas: painted(width, height, (context) => layer.paint(context)) };
  }));
}

/** The sky for a view of that size; painted anew when the size is another one. */
export function skySheet(width: number, height: number): HTMLCanvasElement {
  if (sky?.width !== width || sky.height !== height) sky = painted(width, height, (context) => paintSky(context, width, height, THEME));
  return sky;
}

/** A canvas with something on it. */
export function painted(width: number, height: number, paint: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (context) paint(context);
  return canvas;
}
