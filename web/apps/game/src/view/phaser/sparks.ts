/** Small squares with a purpose: dust where feet land, sparkles where a coin was, leaves, wind. A bounded pool; the oldest give way. */

import { type Colour, palette } from "@kitewind/art";
import type Phaser from "phaser";

const POOL = 160;

interface Spark {
  readonly square: Phaser.GameObjects.Rectangle;
  x: number;
  y: number;
  vx: number; // pixels a second
  vy: number;
  pull: number; // downwards, pixels a second squared
  size: number;
  lifeMs: number;
  ageMs: number;
}

/** A puff of sparks: how many, which colours, and how they fly. */
interface Puff {
  readonly count: number;
  readonly colours: readonly Colour[];
  readonly speed: readonly [least: number, most: number];
  /** Degrees from and to, 0 to the right, 90 upwards. */
  readonly angles: readonly [from: number, to: number];
  readonly pull: number;
  readonly size: readonly [least: number, most: number];
  readonly lifeMs: number;
}

export const PUFFS = {
  land: { count: 8, colours: ["cream", "paper", "pebble"], speed: [14, 42], angles: [8, 172], pull: -10, size: [1, 3], lifeMs: 380 },
  jump: { count: 5, colours: ["cream", "paper"], speed: [10, 30], angles: [200, 340], pull: -14, size: [1, 2], lifeMs: 300 },
  turn: { count: 3, colours: ["lime", "leaf"], speed: [18, 44], angles: [30, 150], pull: 110, size: [1, 2], lifeMs: 420 },
  coin: { count: 14, colours: ["gold", "butter", "cream"], speed: [20, 74], angles: [0, 360], pull: 60, size: [1, 2], lifeMs: 520 },
  bounce: { count: 12, colours: ["blossom", "rose", "cream"], speed: [30, 80], angles: [35, 145], pull: 120, size: [1, 3], lifeMs: 460 },
  glide: { count: 1, colours: ["foam", "cream"], speed: [4, 14], angles: [60, 120], pull: 0, size: [1, 2], lifeMs: 420 },
  arrive: { count: 16, colours: ["foam", "aqua", "cream"], speed: [20, 60], angles: [0, 360], pull: -20, size: [1, 3], lifeMs: 600 },
  fountain: { count: 1, colours: ["foam", "aqua"], speed: [50, 84], angles: [66, 114], pull: 190, size: [1, 2], lifeMs: 800 },
  glint: { count: 2, colours: ["butter", "cream"], speed: [4, 16], angles: [0, 360], pull: 0, size: [1, 2], lifeMs: 700 },
  fame: { count: 26, colours: ["gold", "coral", "aqua", "lime", "cream"], speed: [40, 120], angles: [20, 160], pull: 140, size: [1, 3], lifeMs: 1000 },
} as const satisfies Record<string, Puff>;

export class Sparks {
  readonly #scene: Phaser.Scene;
  readonly #flying: Spark[] = [];
  readonly #idle: Phaser.GameObjects.Rectangle[] = [];
  /** Readers who asked for less motion get a third of it. */
  calm = false;

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
  }

  puff(kind: keyof typeof PUFFS, x: number, y: number): void {
    const puff: Puff = PUFFS[kind];
    const count = this.calm ? Math.ceil(puff.count / 3) : puff.count;
    for (let spark = 0; spark < count; spark += 1) this.#throw(puff, x, y);
  }

  #throw(puff: Puff, x: number, y: number): void {
    const square = this.#square();
    const angle = (between(puff.angles) * Math.PI) / 180;
    const speed = between(puff.speed);
    const colour = puff.colours[Math.floor(Math.random() * puff.colours.length)] ?? "cream";
    square.setFillStyle(Number.parseInt(palette[colour].slice(1), 16)).setVisible(true);
    const size = Math.round(between(puff.size));
    this.#flying.push({ square, x, y, vx: Math.cos(angle) * speed, vy: -Math.sin(angle) * speed, pull: puff.pull, size, lifeMs: puff.lifeMs * between([0.6, 1]), ageMs: 0 });
  }

  #square(): Phaser.GameObjects.Rectangle {
    const idle = this.#idle.pop() ?? (this.#flying.length >= POOL ? this.#flying.shift()?.square : undefined);
    return idle ?? this.#scene.add.rectangle(0, 0, 1, 1).setDepth(30);
  }

  move(elapsedMs: number): void {
    const seconds = elapsedMs / 1000;
    for (let index = this.#flying.length - 1; index >= 0; index -= 1) {
      const spark = this.#flying[index]!;
      spark.ageMs += elapsedMs;
      if (spark.ageMs >= spark.lifeMs) {
        this.#idle.push(spark.square.setVisible(false));
        this.#flying.splice(index, 1);
        continue;
      }
      spark.vy += spark.pull * seconds;
      spark.x += spark.vx * seconds;
      spark.y += spark.vy * seconds;
      const size = Math.max(1, Math.round(spark.size * (1 - spark.ageMs / spark.lifeMs)));
      spark.square.setPosition(Math.round(spark.x), Math.round(spark.y)).setSize(size, size);
    }
  }
}

const between = ([least, most]: readonly [number, number]): number => least + Math.random() * (most - least);
