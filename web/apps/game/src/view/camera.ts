/** Where the camera looks: ahead of the way one runs, calm while one only hops, never far beyond the stage. Places in logical pixels. */

export const LOOK_AHEAD_PX = 24;
/** One may move so far from the middle before the camera follows. */
export const DEAD_ZONE = { x: 12, y: 28 } as const;
/** The feet stand so far down the view: more sky than rock; on an upright phone above the thumbs, with as much to see below. */
export const FEET_AT = { wide: 0.66, tall: 0.43 } as const;
/** A tall view may show so much of itself below the stage: who stands on the lowest island is seen above the thumbs too. */
export const BELOW_STAGE = 0.25;
/** Whose goal is above sees so much more of what is there. */
export const LOOK_UP = { wide: 0.1, tall: 0.2 } as const;
/** Who falls sees so much more of what is below. */
export const LOOK_DOWN = 0.16;
/** What is seen beyond the stage: its ends, and some sky above. */
export const EDGE_PX = { side: 44, above: 64 } as const;
const CATCH_UP_PER_S = { ahead: 1.6, down: 2.5, x: 9, y: 5 } as const;
const FAR_PX = 240; // farther than that is a new place, not a way

export interface Target {
  readonly x: number;
  readonly y: number;
  readonly facing: number;
  readonly isRunning: boolean;
  readonly isGrounded: boolean;
  /** Where they want to go is above. */
  readonly aimsUp?: boolean;
}

export class Camera {
  /** The upper left corner of what is seen. */
  x = 0;
  y = 0;
  #focus: { x: number; y: number } | undefined;
  #ahead = 0;
  #down = 0;
  #up = 0;

  /** `seconds` have passed since the last call. */
  follow(target: Target, view: { width: number; height: number }, stage: { width: number; height: number }, seconds: number): void {
    const focus = (this.#focus ??= { x: target.x, y: target.y });
    if (Math.hypot(target.x - focus.x, target.y - focus.y) > FAR_PX) [focus.x, focus.y] = [target.x, target.y];
    if (target.isRunning) this.#ahead += (target.facing * LOOK_AHEAD_PX - this.#ahead) * eased(CATCH_UP_PER_S.ahead, seconds);
    focus.x += beyond(target.x - focus.x, DEAD_ZONE.x) * eased(CATCH_UP_PER_S.x, seconds);
    const zoneY = target.isGrounded ? 0 : DEAD_ZONE.y; // a hop does not rock the world; landing settles it
    focus.y += beyond(target.y - focus.y, zoneY) * eased(CATCH_UP_PER_S.y, seconds);
    this.x = within(focus.x + this.#ahead - view.width / 2, view.width, -EDGE_PX.side, stage.width + EDGE_PX.side);
    const isFalling = !target.isGrounded && target.y - focus.y > DEAD_ZONE.y; // below where one stood, not down from a hop
    this.#down += ((isFalling ? LOOK_DOWN * view.height : 0) - this.#down) * eased(CATCH_UP_PER_S.down, seconds);
    const isTall = view.height > view.width;
    this.#up += ((target.aimsUp && !isFalling ? view.height * (isTall ? LOOK_UP.tall : LOOK_UP.wide) : 0) - this.#up) * eased(CATCH_UP_PER_S.down, seconds);
    const floor = stage.height + (isTall ? BELOW_STAGE * view.height : 0);
    this.y = within(focus.y + this.#down - this.#up - view.height * (isTall ? FEET_AT.tall : FEET_AT.wide), view.height, -EDGE_PX.above, floor);
  }
}

/** The same way in the same time, whatever the frame rate is. */
const eased = (rate: number, seconds: number): number => 1 - Math.exp(-rate * seconds);

const beyond = (way: number, zone: number): number => Math.sign(way) * Math.max(0, Math.abs(way) - zone);

/** A world smaller than the view stands in its middle. */
function within(corner: number, view: number, from: number, to: number): number {
  return to - from <= view ? (from + to - view) / 2 : Math.min(Math.max(corner, from), to - view);
}
