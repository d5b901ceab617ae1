/** Pictures that the DOM shows by themselves: 9-slices for `border-image`, and the wordmark. */

import { drawAll } from "./atlas.ts";
import type { Pixels } from "../pixels.ts";
import { png } from "./png.ts";

/** Width of the border that stays as it is, by the frame's name; none for a picture that is shown whole. */
const APART: Readonly<Record<string, number | undefined>> = {
  "ui.panel": 6,
  "ui.button": 5,
  "ui.button-down": 5,
  "ui.button-quiet": 5,
  "ui.bubble": 5,
  "ui.field": 4,
  "ui.tag": 2,
  "ui.bubble-tip": undefined,
  wordmark: undefined,
};

export interface DrawnPicture {
  readonly name: string;
  readonly pixels: Pixels;
  readonly image: Buffer;
  readonly slice: number | undefined;
}

export function pictures(): DrawnPicture[] {
  const { frames } = drawAll();
  return Object.entries(APART)
    .filter(([frame]) => frames.has(frame))
    .map(([frame, slice]) => ({ name: frame.replace("ui.", ""), pixels: frames.get(frame)!, image: png(frames.get(frame)!), slice }));
}
