/** The sky and the layers before it. They repeat to the sides for ever, and go along with the camera by their distance. */

import type Phaser from "phaser";
import { backdropSheets, type Sheet, skySheet } from "../sheets";
import { addPainted } from "./textures";

interface Band {
  readonly layer: Sheet;
  readonly images: Phaser.GameObjects.Image[];
}

/** How much the layers sink as the camera climbs, compared with their way sideways. */
const CLIMB = 0.5;

export class Backdrop {
  readonly #scene: Phaser.Scene;
  #sky: Phaser.GameObjects.Image | undefined;
  #bands: Band[] = [];

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
    for (const { name, canvas } of backdropSheets()) addPainted(scene.textures, keyOf(name), canvas);
  }

  /** The window has another size: as many copies of each layer as it needs, and a sky that fits. */
  fit(width: number, height: number): void {
    this.#sky?.destroy();
    for (const { images } of this.#bands) for (const image of images) image.destroy();
    const key = addPainted(this.#scene.textures, "sky", skySheet(width, height));
    this.#sky = this.#scene.add.image(0, 0, key).setOrigin(0).setScrollFactor(0).setDepth(-100);
    this.#bands = backdropSheets().map((layer, index) => ({ layer, images: this.#copies(layer, Math.ceil(width / layer.width) + 1, index - 90) }));
  }

  #copies(layer: Sheet, count: number, depth: number): Phaser.GameObjects.Image[] {
    return Array.from({ length: count }, () => this.#scene.add.image(0, 0, keyOf(layer.name)).setOrigin(0).setScrollFactor(0).setDepth(depth));
  }

  /** `climb`: how far the camera is above the lowest place that it can have, in logical pixels. */
  move(cameraX: number, climb: number, viewHeight: number, nowMs: number, calm: boolean): void {
    for (const { layer, images } of this.#bands) {
      const drift = calm ? 0 : (layer.drift * nowMs) / 1000;
      const start = -modulo(Math.round(cameraX * layer.follow - drift), layer.width);
      const y = Math.round(viewHeight - layer.height - layer.rise + climb * layer.follow * CLIMB);
      images.forEach((image, copy) => image.setPosition(start + copy * layer.width, y));
    }
  }
}

const keyOf = (name: string): string => `layer.${name}`;

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
