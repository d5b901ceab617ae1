/** The pictures that the scene draws with: the atlas, and the stage's tiles put together once. */

import { type Atlas, cellFrames, type Ground } from "@kitewind/art";
import { type Stage, TILE, Tile } from "@kitewind/sim";
import type Phaser from "phaser";
import { painted } from "../sheets";

export const ATLAS = "atlas";
const CHUNK_TILES = 32; // tiles across one picture of the stage

const GROUND: Readonly<Record<number, Ground>> = {
  [Tile.grass]: "grass",
  [Tile.stone]: "stone",
  [Tile.cloud]: "cloud",
  [Tile.wood]: "wood",
  [Tile.pad]: "grass", // a pad is let into the meadow
};

/** Fetched as a plain picture: Phaser's loader would go by `blob:` addresses, which the page's policy refuses. */
export async function loadPicture(url: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return picture;
}

export function addAtlas(textures: Phaser.Textures.TextureManager, atlas: Atlas, picture: HTMLImageElement): void {
  const texture = textures.addImage(ATLAS, picture);
  if (!texture) return;
  for (const [name, { x, y, w, h }] of Object.entries(atlas.frames)) texture.add(name, 0, x, y, w, h);
}

export interface StagePicture {
  readonly key: string;
  readonly x: number;
}

/** Draw all tiles, once. Answers the pictures and where they stand, in logical pixels. */
export function paintStage(textures: Phaser.Textures.TextureManager, stage: Stage, atlas: Atlas, sheet: HTMLImageElement): StagePicture[] {
  const pictures: StagePicture[] = [];
  for (let from = 0; from < stage.width; from += CHUNK_TILES) {
    const key = `stage.${from}`;
    const across = Math.min(CHUNK_TILES, stage.width - from);
    const picture = painted(across * TILE, stage.height * TILE, (context) => {
      for (let tx = from; tx < from + across; tx += 1) for (let ty = 0; ty < stage.height; ty += 1) paintCell(context, tx, ty, from);
    });
    pictures.push({ key: addPainted(textures, key, picture), x: from * TILE });
  }
  return pictures;

  function ground(tx: number, ty: number): Ground {
    return tx < 0 || tx >= stage.width ? undefined : GROUND[stage.tile(tx, ty)];
  }

  function paintCell(context: CanvasRenderingContext2D, tx: number, ty: number, from: number): void {
    for (const name of cellFrames(ground, tx, ty)) {
      const frame = atlas.frames[name];
      if (!frame) continue;
      const [x, y] = [(tx - from) * TILE + (TILE - frame.w) / 2, (ty + 1) * TILE - frame.h];
      context.drawImage(sheet, frame.x, frame.y, frame.w, frame.h, Math.round(x), y, frame.w, frame.h);
    }
  }
}

/** A picture that was painted elsewhere; another one under the same key makes room. */
export function addPainted(textures: Phaser.Textures.TextureManager, key: string, picture: HTMLCanvasElement): string {
  if (textures.exists(key)) textures.remove(key);
  // As a picture, which a canvas may be as well; `addCanvas` takes it for one that still changes, and reads all of it back at once.
  textures.addImage(key, picture as unknown as HTMLImageElement);
  return key;
}
