/** A piece of the plaza with everybody in it: whether it looks like a game is judged here. */

import { type Atlas, backdrop, cellFrames, type Ground, paintSky, type ThemeName } from "@kitewind/art";

export const VIEW = { width: 480, height: 270 };
const TILE = 16;

const ROWS = [
  "..............................",
  "..............................",
  "...........................###",
  "..~~~~.....................###",
  "............................%%",
  ".....................----.....",
  "..............................",
  "..............................",
  "........----..................",
  "..............................",
  "##............................",
  "##......................######",
  "##..................##^#######",
  ".%..####################%%%%%%",
  "....#####################%%%..",
  ".....%%%%%%%%%%%%%%%%%%%......",
  ".......%%%%%%%%%%%%%%%........",
];
const KINDS: Readonly<Record<string, Ground>> = { "#": "grass", "%": "stone", "-": "wood", "~": "cloud", "^": "grass" };

/** Frame, column and row of the feet in pixels, turned to the left or not. */
const CAST: readonly (readonly [name: string, x: number, y: number, turned?: boolean])[] = [
  ["tree-1.tall", 96, 208], ["tree-0.small", 340, 208], ["kitepole.0", 430, 176], ["fountain.0", 208, 208], ["sign", 120, 208], ["lamp", 280, 208], ["bush.0", 146, 208], ["bush.1", 306, 208],
  ["flower.0", 74, 208], ["flower.3", 248, 208], ["pad.idle", 360, 197], ["coin.0", 144, 118], ["coin.1", 168, 118], ["coin.0", 350, 70], ["coin.2", 372, 70],
  ["pip-0.run.0", 172, 208], ["moss-0.idle.0", 255, 208, true], ["bolt-0.wave.1", 318, 208, true], ["pip-1.glide.0", 330, 150], ["bolt-1.run.3", 60, 45],
  ["moss-1.jump", 232, 160], ["pip-2.cheer.1", 400, 172], ["emote.heart", 255, 180], ["dust.1", 160, 208], ["spark.0", 190, 112],
];

export function paintScene(ctx: CanvasRenderingContext2D, atlas: Atlas, sheet: HTMLImageElement, theme: ThemeName): void {
  paintSky(ctx, VIEW.width, VIEW.height, theme);
  for (const layer of backdrop(theme, 20)) {
    const shown = new OffscreenCanvas(layer.width, layer.height);
    layer.paint(shown.getContext("2d")!);
    ctx.drawImage(shown, 0, VIEW.height - layer.rise - layer.height);
  }
  const put = (name: string, x: number, y: number, turned = false): void => {
    const frame = atlas.frames[name];
    if (!frame) return;
    ctx.save();
    ctx.translate(x, y);
    if (turned) ctx.scale(-1, 1);
    ctx.drawImage(sheet, frame.x, frame.y, frame.w, frame.h, -Math.floor(frame.w / 2), -frame.h, frame.w, frame.h);
    ctx.restore();
  };
  const ground = (tx: number, ty: number): Ground => KINDS[ROWS[ty]?.[tx] ?? "."];
  ROWS.forEach((row, ty) => [...row].forEach((_, tx) => cellFrames(ground, tx, ty).forEach((name) => put(name, tx * TILE + TILE / 2, (ty + 1) * TILE))));
  for (const [name, x, y, turned] of CAST) put(name, x, y, turned);
}
