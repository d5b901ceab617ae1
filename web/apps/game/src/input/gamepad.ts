/** Gamepads have no events for their buttons: they are looked at once a tick. The layout is the browsers' "standard" one. */

import { type Action, type Command, isMove } from "./actions";
import type { Held } from "./held";

export const DEAD_ZONE = 0.25;

export interface Pad {
  readonly index: number;
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean }[];
}

const BUTTONS: Readonly<Record<number, Action>> = {
  0: "jump",
  1: "jump",
  2: "wave",
  3: "heart",
  4: "laugh",
  5: "kite",
  8: "people",
  9: "menu",
  12: "jump",
  13: "down",
  14: "left",
  15: "right",
};

export class Gamepads {
  readonly #held: Held;
  readonly #command: (command: Command) => void;
  #before = new Set<string>();

  constructor(held: Held, command: (command: Command) => void) {
    this.#held = held;
    this.#command = command;
  }

  /** Once a tick, with what `navigator.getGamepads()` answers. */
  poll(pads: readonly (Pad | null)[]): void {
    const now = new Map<string, Action>();
    for (const pad of pads) if (pad) for (const [part, action] of pressed(pad)) now.set(`pad${pad.index}:${part}:${action}`, action);
    for (const [source, action] of now) if (!this.#before.has(source)) this.#press(action, source);
    for (const source of this.#before) if (!now.has(source)) this.#release(source);
    this.#before = new Set(now.keys());
  }

  #press(action: Action, source: string): void {
    if (isMove(action)) this.#held.press(action, source);
    else this.#command(action);
  }

  #release(source: string): void {
    const action = source.slice(source.lastIndexOf(":") + 1) as Action;
    if (isMove(action)) this.#held.release(action, source);
  }
}

function* pressed(pad: Pad): Generator<[part: string, action: Action]> {
  for (const [number, action] of Object.entries(BUTTONS)) if (pad.buttons[Number(number)]?.pressed) yield [`button${number}`, action];
  const [x = 0, y = 0] = pad.axes;
  if (x < -DEAD_ZONE) yield ["stick", "left"];
  if (x > DEAD_ZONE) yield ["stick", "right"];
  if (y > 0.6) yield ["stick", "down"];
}
