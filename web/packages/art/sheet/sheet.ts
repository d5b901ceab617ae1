/** Everything on one page, to be looked at: palette, skies, a scene, every animation, every frame. `?still` stops the animations. */

import { type Atlas, backdrop, heroAnimation, looks, motions, paintSky, palette, type ThemeName, themes } from "@kitewind/art";
import { atlas, pictures } from "virtual:kitewind-atlas";
import { paintScene, VIEW } from "./scene.ts";

const SCALE = 4;
const still = new URLSearchParams(location.search).has("still");
const sheet = await load(atlas);

section("Palette", Object.entries(palette).map(([name, value]) => swatch(name, value)));
section("Wordmark", [picture("wordmark", 6)]);
section("Panels", Object.keys(pictures).filter((name) => pictures[name]?.slice).map(nine));
section("A scene", [canvas(VIEW.width, VIEW.height, 2, "golden", (ctx) => paintScene(ctx, atlas, sheet, "golden"))]);
section("Skies", (Object.keys(themes) as ThemeName[]).map((theme) => canvas(VIEW.width, VIEW.height, 1, theme, (ctx) => paintBackdrop(ctx, theme))));
for (const look of looks) section(look, motions.map((motion) => animated(heroAnimation(look, motion))));
section("Other animations", Object.keys(atlas.animations).filter((name) => !looks.some((look) => name.startsWith(`${look}.`))).map(animated));
section("Other frames", Object.keys(atlas.frames).filter((name) => !/^(tile|pip|moss|bolt)[.-]/.test(name)).map(single));

function section(title: string, figures: HTMLElement[]): void {
  const [heading, row] = [document.createElement("h2"), document.createElement("div")];
  heading.textContent = title;
  row.className = "row";
  row.append(...figures);
  document.body.append(heading, row);
}

function figure(content: HTMLElement, caption: string): HTMLElement {
  const made = document.createElement("figure");
  const text = document.createElement("figcaption");
  text.textContent = caption;
  made.append(content, text);
  return made;
}

function swatch(name: string, value: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "swatch";
  box.style.background = value;
  return figure(box, name);
}

function picture(name: string, scale: number): HTMLElement {
  const { url, w } = pictures[name]!;
  const image = new Image(w * scale);
  image.src = url;
  return figure(image, name);
}

function nine(name: string): HTMLElement {
  const { url, slice = 0 } = pictures[name]!;
  const box = document.createElement("div");
  box.className = "nine";
  box.style.borderWidth = `${slice * 3}px`;
  box.style.borderImage = `url("${url}") ${slice} fill / ${slice * 3}px / 0 stretch`;
  return figure(box, name);
}

function canvas(width: number, height: number, scale: number, caption: string, paint: (ctx: CanvasRenderingContext2D) => void): HTMLElement {
  const made = document.createElement("canvas");
  [made.width, made.height] = [width, height];
  made.style.width = `${width * scale}px`;
  paint(made.getContext("2d")!);
  return figure(made, caption);
}

function paintBackdrop(ctx: CanvasRenderingContext2D, theme: ThemeName): void {
  paintSky(ctx, VIEW.width, VIEW.height, theme);
  for (const layer of backdrop(theme, 7)) {
    const shown = new OffscreenCanvas(layer.width, layer.height);
    layer.paint(shown.getContext("2d")!);
    ctx.drawImage(shown, 0, VIEW.height - layer.rise - layer.height);
  }
}

function animated(name: string): HTMLElement {
  const { frames, fps } = atlas.animations[name]!;
  const places = frames.map((frame) => atlas.frames[frame]!);
  const [width, height] = [Math.max(...places.map(({ w }) => w)), Math.max(...places.map(({ h }) => h))];
  return canvas(width, height, SCALE, name, (ctx) => {
    const show = (index: number): void => {
      const { x, y, w, h } = places[index % places.length]!;
      ctx.clearRect(0, 0, width, height);
      ctx.drawImage(sheet, x, y, w, h, Math.floor((width - w) / 2), height - h, w, h);
    };
    show(0);
    if (!still) setInterval(() => show(Math.floor((performance.now() * fps) / 1000)), 1000 / fps);
  });
}

function single(name: string): HTMLElement {
  const { x, y, w, h } = atlas.frames[name]!;
  return canvas(w, h, SCALE, name, (ctx) => ctx.drawImage(sheet, x, y, w, h, 0, 0, w, h));
}

async function load({ url }: Atlas): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
