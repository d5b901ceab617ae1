import { describe, expect, test } from "vitest";
import { heroAnimation, looks, motions } from "../atlas.ts";
import { at, ink, type Pixels } from "../pixels.ts";
import { palette } from "../palette.ts";
import { masks, tileFrame, tileKinds } from "../tiles.ts";
import { compile, drawAll, pack } from "./atlas.ts";
import { pictures } from "./pictures.ts";
import { png } from "./png.ts";

const { frames, animations } = drawAll();
const sheet = compile();
const INK = ink("ink");
const heroFrames = looks.flatMap((look) => motions.flatMap((motion) => animations[heroAnimation(look, motion)]!.frames));

/** The body's box in the motor. */
const BODY = { width: 10, height: 14 };

describe("the sheet", () => {
  test("holds every frame where it says", () => {
    for (const [name, frame] of frames) {
      const place = sheet.frames[name]!;
      const differs = [...frame.data].some((value, index) => at(sheet.pixels, place.x + (index % frame.w), place.y + Math.floor(index / frame.w)) !== value);
      expect([name, place.w, place.h, differs]).toEqual([name, frame.w, frame.h, false]);
    }
  });

  test("keeps pictures apart, so that scaling mixes no neighbours in", () => {
    const places = [...new Map(Object.values(sheet.frames).map((place) => [`${place.x},${place.y}`, place])).values()];
    const near = places.flatMap((a, index) =>
      places.slice(index + 1).filter((b) => a.x < b.x + b.w + 2 && b.x < a.x + a.w + 2 && a.y < b.y + b.h + 2 && b.y < a.y + a.h + 2),
    );
    expect(near).toEqual([]);
  });

  test("has frames with even sides, so that their middles are sharp in a scene", () => {
    const odd = [...frames].filter(([name, { w, h }]) => !/^(ui|icon|wordmark)/.test(name) && (w % 2 || h % 2));
    expect(odd.map(([name]) => name)).toEqual([]);
  });

  test("draws equal pictures once", () => {
    const twice = pack(new Map([["a", { w: 1, h: 1, data: Uint8Array.of(3) }], ["b", { w: 1, h: 1, data: Uint8Array.of(3) }]]));
    expect(twice.places["a"]).toEqual(twice.places["b"]);
  });

  test("is a small file within what every graphics card takes", () => {
    expect(Math.max(sheet.pixels.w, sheet.pixels.h)).toBeLessThanOrEqual(2048);
    expect(png(sheet.pixels).length).toBeLessThan(100_000);
  });

  test("uses the palette, nothing else, and no more than its 32 colours", () => {
    expect(Object.keys(palette)).toHaveLength(32);
    expect(sheet.pixels.data.reduce((most, value) => Math.max(most, value))).toBeLessThanOrEqual(32);
  });

  test("has the frames that animations name", () => {
    const missing = Object.values(animations).flatMap((animation) => animation.frames.filter((name) => !frames.has(name)));
    expect(missing).toEqual([]);
  });
});

describe("heroes", () => {
  test.each(looks)("%s can do everything", (look) => {
    expect(motions.filter((motion) => !animations[heroAnimation(look, motion)])).toEqual([]);
    expect(animations[heroAnimation(look, "run")]!.frames).toHaveLength(6);
  });

  test("have a closed outline", () => {
    expect(new Set(heroFrames).size).toBeGreaterThan(180);
    expect([...new Set(heroFrames)].filter((name) => opens(frames.get(name)!))).toEqual([]);
  });

  test("stand on the lower edge", () => {
    const floating = [...new Set(heroFrames)].filter((name) => !lastRow(frames.get(name)!).includes(INK));
    expect(floating.filter((name) => !/\.(cheer|run|glide)\./.test(name))).toEqual([]);
  });

  test.each(looks)("%s fills the body's box and does not tower over it", (look) => {
    const drawn = extent(frames.get(animations[heroAnimation(look, "idle")]!.frames[0]!)!);
    expect(drawn.width).toBeGreaterThanOrEqual(BODY.width);
    expect(drawn.width).toBeLessThanOrEqual(BODY.width + 8);
    expect(drawn.height).toBeGreaterThanOrEqual(BODY.height);
    expect(drawn.height).toBeLessThanOrEqual(BODY.height + 9);
  });

  test("look different in each of their colours", () => {
    const idle = looks.map((look) => Buffer.from(frames.get(`${look}.idle.0`)!.data).toString("base64"));
    expect(new Set(idle).size).toBe(looks.length);
  });

  test("an unknown look is drawn as the first", () => {
    expect(heroAnimation("dragon-9", "run")).toBe("pip-0.run");
  });
});

describe("tiles", () => {
  test.each(tileKinds)("%s has a picture for every neighbourhood and variant", (kind) => {
    const missing = Array.from({ length: 256 }, (_, mask) => mask).flatMap((mask) =>
      [[0, 0], [1, 0], [2, 5], [7, 3], [4, 4]].map(([tx, ty]) => tileFrame(kind, mask, tx!, ty!)).filter((name) => frames.get(name)?.w !== 16 || frames.get(name)?.h !== 16),
    );
    expect(masks).toHaveLength(47);
    expect(missing).toEqual([]);
  });

  test("solid ground is solid: no holes between joined tiles", () => {
    for (const kind of ["grass", "stone"] as const) expect([...frames.get(`tile.${kind}.255.0`)!.data].includes(0)).toBe(false);
  });

  test("what carries feet is drawn at the tile's upper edge", () => {
    const low = tileKinds.flatMap((kind) => [0, 1, 2, 3].map((variant) => `tile.${kind}.68.${variant}`)).filter((name) => !frames.get(name)!.data.subarray(0, 32).some(Boolean));
    expect(low).toEqual([]);
  });
});

test("things, particles and pictures of the page are there", () => {
  const things = ["sign", "lamp", "fountain.0", "kitepole.0", "flower.3", "bush.1", "pad.idle", "coin.0", "emote.wave", "emote.heart", "emote.laugh", "emote.kite"];
  expect(things.filter((name) => !frames.has(name))).toEqual([]);
  expect(["coin.spin", "pad.bounce", "fountain.flow", "kitepole.wave", "dust.puff", "spark.burst"].filter((name) => !animations[name])).toEqual([]);
  expect(pictures().map(({ name }) => name)).toEqual(["panel", "button", "button-down", "button-quiet", "bubble", "field", "tag", "bubble-tip", "wordmark"]);
});

/** Whether somebody who walks in from outside, side by side, meets a colour other than the outline's. Strings behind the figure do not count. */
function opens(frame: Pixels): boolean {
  const seen = new Set<number>();
  const queue = [...border(frame)];
  while (queue.length) {
    const index = queue.pop()!;
    const [x, y] = [index % frame.w, Math.floor(index / frame.w)];
    if (seen.has(index) || frame.data[index] === INK) continue;
    if (frame.data[index]) return true;
    seen.add(index);
    if (x > 0) queue.push(index - 1);
    if (x < frame.w - 1) queue.push(index + 1);
    if (y > 0) queue.push(index - frame.w);
    if (y < frame.h - 1) queue.push(index + frame.w);
  }
  return false;
}

function* border({ w, h }: Pixels): Generator<number> {
  for (let x = 0; x < w; x++) yield* [x, (h - 1) * w + x];
  for (let y = 0; y < h; y++) yield* [y * w, y * w + w - 1];
}

function lastRow({ data, w, h }: Pixels): number[] {
  return [...data.subarray((h - 1) * w)];
}

function extent({ data, w }: Pixels): { width: number; height: number } {
  const drawn = [...data.keys()].filter((index) => data[index]);
  const [xs, ys] = [drawn.map((index) => index % w), drawn.map((index) => Math.floor(index / w))];
  return { width: Math.max(...xs) - Math.min(...xs) + 1, height: Math.max(...ys) - Math.min(...ys) + 1 };
}
