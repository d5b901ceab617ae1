/** What shows the plaza. It may be replaced as a whole: it asks the plaza where everybody is, and knows no rule of the game. */

import type { Plaza, PlazaEvent } from "../play/plaza";

export interface View {
  /** Show another plaza, from its first frame on. */
  show(plaza: Plaza): void;
  /** Something happened that has a picture: dust, sparkles, bubbles. */
  happen(event: PlazaEvent): void;
  /** Show the way up to the great kite, or do not. */
  guide(shows: boolean): void;
  /** Less motion: no drifting, no shaking, no squashing. */
  setCalm(calm: boolean): void;
  /** The next frame as a PNG, without labels; null when it cannot be had. */
  picture(): Promise<Blob | null>;
  destroy(): void;
}

/** Called by the view once a frame, before it draws; answers the fraction of a tick that has passed (see `Game.frame`). */
export type OnFrame = (nowMs: number) => number;

/** How large the world is drawn, from the window's size in device pixels. */
export interface Fit {
  /** Device pixels for one logical pixel, whole: no pixel is wider than its neighbour. */
  readonly scale: number;
  /** The view, in logical pixels. */
  readonly width: number;
  readonly height: number;
}

/** About 480 x 270 logical pixels of world, in whatever shape the window has. */
export const VIEW_AREA_PX = 480 * 270;

export function fit(deviceWidth: number, deviceHeight: number): Fit {
  const scale = Math.max(1, Math.round(Math.sqrt((deviceWidth * deviceHeight) / VIEW_AREA_PX)));
  return { scale, width: Math.max(1, Math.ceil(deviceWidth / scale)), height: Math.max(1, Math.ceil(deviceHeight / scale)) };
}
