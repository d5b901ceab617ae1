/** Drawn effects that play once and go: the flash of a coin, the puff of a landing. */

import type { Atlas } from "@kitewind/art";
import type Phaser from "phaser";
import { frameAt } from "../animate";
import { ATLAS } from "./textures";

const PLAYING_MAX = 40; // beyond it the oldest goes

interface Effect {
  readonly sprite: Phaser.GameObjects.Image;
  readonly name: string;
  readonly sinceMs: number;
}

export class Effects {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #playing: Effect[] = [];

  constructor(scene: Phaser.Scene, atlas: Atlas) {
    [this.#scene, this.#atlas] = [scene, atlas];
  }

  /** `originY` 1 hangs the picture by its lower edge, 0.5 by its middle. */
  play(name: string, x: number, y: number, nowMs: number, originY = 1): void {
    const animation = this.#atlas.animations[name];
    if (!animation) return;
    if (this.#playing.length >= PLAYING_MAX) this.#playing.shift()?.sprite.destroy();
    const sprite = this.#scene.add.image(Math.round(x), Math.round(y), ATLAS, frameAt(animation, 0)).setOrigin(0.5, originY).setDepth(25);
    this.#playing.push({ sprite, name, sinceMs: nowMs });
  }

  move(nowMs: number): void {
    for (let index = this.#playing.length - 1; index >= 0; index -= 1) {
      const { sprite, name, sinceMs } = this.#playing[index]!;
      const animation = this.#atlas.animations[name]!;
      const elapsedMs = nowMs - sinceMs;
      if (elapsedMs >= (animation.frames.length * 1000) / animation.fps) {
        sprite.destroy();
        this.#playing.splice(index, 1);
      } else sprite.setFrame(frameAt(animation, elapsedMs)).setOrigin(0.5, sprite.originY);
    }
  }
}
