import { BODY_HEIGHT, type Body, HALF_WIDTH } from "./motor.ts";
import { UNIT } from "./stage.ts";

/** How far a body's box reaches for coins on each side. */
export const COIN_REACH = 4 * UNIT;

/** Does a body touch a coin with its centre there? The server decides; this lets the sound come at once. Twin: src/kitewind/coins.py. */
export function touchesCoin(body: Body, x: number, y: number): boolean {
  return (
    Math.abs(body.x - x) <= HALF_WIDTH + COIN_REACH && y <= body.y + COIN_REACH && y >= body.y - BODY_HEIGHT - COIN_REACH
  );
}
