/** The pictures that the scene draws with: the atlas, the stage's tiles put together once, and the layers of the backdrop. */

import { type Atlas, backdrop, cellFrames, type Ground, type Layer, paintSky, type ThemeName } from "@kitewind/art";
import { type Stage, TILE, Tile } from "@kitewind/sim";
import type Phaser from "phaser";

export const ATLAS = "atlas";
const CHUNK_TILES = 32; // tiles across one picture of the stage
const SEED = 20; // of the backdrop's shapes

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

/** A canvas of the manager under `key`; one of an earlier show makes room. */
function canvas(textures: Phaser.Textures.TextureManager, key: string, width: number, height: number): Phaser.Textures.CanvasTexture {
  if (textures.exists(key)) textures.remove(key);
  const texture = textures.createCanvas(key, width, height);
  if (!texture) throw new Error(`no picture of ${width} x ${height}`);
  return texture;
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
    const texture = canvas(textures, key, across * TILE, stage.height * TILE);
    for (let tx = from; tx < from + across; tx += 1) for (let ty = 0; ty < stage.height; ty += 1) paintCell(texture.context, tx, ty, from);
    texture.refresh();
    pictures.push({ key, x: from * TILE });
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

export function paintSkyInto(textures: Phaser.Textures.TextureManager, width: number, height: number, theme: ThemeName): string {
  const texture = canvas(textures, "sky", width, height);
  paintSky(texture.context, width, height, theme);
  texture.refresh();
  return "sky";
}

export interface PaintedLayer extends Layer {
  readonly key: string;
}

export function paintLayers(textures: Phaser.Textures.TextureManager, theme: ThemeName): PaintedLayer[] {
  return backdrop(theme, SEED).map((layer) => {
    const texture = canvas(textures, `layer.${layer.name}`, layer.width, layer.height);
    layer.paint(texture.context);
    texture.refresh();
    return { ...layer, paint: layer.paint.bind(layer), key: `layer.${layer.name}` };
  });
}
