/** Which picture of an animation is due, and which animation a character plays. */

import type { Animation, Motion } from "@kitewind/art";
import type { Emote } from "@kitewind/sim";
import type { Character } from "../play/plaza";

/** The frame that is shown `elapsedMs` after the animation began. */
export function frameAt(animation: Animation, elapsedMs: number): string {
  const index = Math.max(0, Math.floor((elapsedMs * animation.fps) / 1000));
  const { frames } = animation;
  return frames[animation.loop ? index % frames.length : Math.min(index, frames.length - 1)] ?? "";
}

export const LAND_MS = 130;
export const EMOTE_MS = 1600;
const BLINK_EVERY_MS = 3400;
const BLINK_MS = 160;

const GESTURE: Readonly<Record<Emote, Motion>> = { wave: "wave", heart: "cheer", laugh: "laugh", kite: "cheer" };

/** What one character plays over time: the motor's state, with a landing, a gesture or a blink between. */
export class Acting {
  #drawn: Character["drawn"] | undefined;
  #landedAtMs = -Infinity;
  #gesture: { motion: Motion; atMs: number } | undefined;
  #playing: Motion = "idle";
  #sinceMs = 0;

  gesture(emote: Emote, nowMs: number): void {
    this.#gesture = { motion: GESTURE[emote], atMs: nowMs };
  }

  /** Answers the motion, when it began, and whether the feet have just touched the ground. */
  play({ drawn, number }: Pick<Character, "drawn" | "number">, nowMs: number): { motion: Motion; sinceMs: number; landed: boolean } {
    const wasInAir = this.#drawn === "fall" || this.#drawn === "glide";
    const landed = wasInAir && (drawn === "idle" || drawn === "run");
    if (landed) this.#landedAtMs = nowMs;
    this.#drawn = drawn;
    const motion = this.#motion(drawn, number, nowMs);
    if (motion !== this.#playing) [this.#playing, this.#sinceMs] = [motion, nowMs];
    return { motion, sinceMs: this.#sinceMs, landed };
  }

  #motion(drawn: Character["drawn"], number: number, nowMs: number): Motion {
    if (drawn !== "idle") return drawn;
    if (this.#gesture && nowMs - this.#gesture.atMs < EMOTE_MS) return this.#gesture.motion;
    if (nowMs - this.#landedAtMs < LAND_MS) return "land";
    const own = (nowMs + number * 977) % BLINK_EVERY_MS; // everybody blinks in their own time
    return own < BLINK_MS ? "blink" : "idle";
  }
}
