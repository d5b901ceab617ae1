/** Where the world ends: a bank of cloud on either side, so that nobody wonders what holds them. */

import { cloudBank } from "@kitewind/art";
import { type Stage, TILE } from "@kitewind/sim";
import type Phaser from "phaser";
import { EDGE_PX } from "../camera";
import { painted } from "../sheets";
import { addPainted } from "./textures";

const INTO_STAGE_PX = 3; // its puffs reach so far over who stands at the very end
const SEED = 7;

export class Banks {
  readonly #scene: Phaser.Scene;
  #images: Phaser.GameObjects.Image[] = [];

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
  }

  show(stage: Stage): void {
    for (const image of this.#images) image.destroy();
    const [width, height] = [EDGE_PX.side + INTO_STAGE_PX, stage.height * TILE + 2 * EDGE_PX.above];
    const key = addPainted(this.#scene.textures, "bank", painted(width, height, (context) => cloudBank(context, width, height, SEED)));
    const at = (x: number, flip: boolean): Phaser.GameObjects.Image => this.#scene.add.image(x, -EDGE_PX.above, key).setOrigin(0).setFlipX(flip).setDepth(22);
    this.#images = [at(-EDGE_PX.side, false), at(stage.width * TILE - INTO_STAGE_PX, true)];
  }
}
