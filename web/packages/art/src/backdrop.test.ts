import { describe, expect, test } from "vitest";
import { backdrop } from "./backdrop.ts";
import { ink, type Pixels } from "./pixels.ts";
import { type ThemeName, themes } from "./palette.ts";
import { skyPixels } from "./sky.ts";

const names = Object.keys(themes) as ThemeName[];

describe.each(names)("the sky of the theme %s", (name) => {
  const theme = themes[name];
  const sky = skyPixels(240, 135, theme, 0.5);

  test("is covered to the last pixel with the theme's colours", () => {
    const allowed = new Set([...theme.sky, theme.sun].map(ink));
    expect([...new Set(sky.data)].filter((value) => !allowed.has(value))).toEqual([]);
  });

  test("begins with the zenith's colour and ends with the horizon's", () => {
    expect(sky.data[0]).toBe(ink(theme.sky[0]!));
    expect(sky.data.at(-1)).toBe(ink(theme.sky.at(-1)!));
  });
});

test("the sun sinks as the day goes", () => {
  const height = (timeOfDay: number): number => skyPixels(240, 135, themes.golden, timeOfDay).data.indexOf(ink(themes.golden.sun));
  expect(height(0)).toBeGreaterThan(0);
  expect(height(1)).toBeGreaterThan(height(0));
});

describe("the backdrop", () => {
  test("is the same for the same seed, and another for another", () => {
    const data = (seed: number): string => backdrop("golden", seed).map((layer) => Buffer.from(layer.pixels().data).toString("base64")).join();
    expect(data(7)).toBe(data(7));
    expect(data(7)).not.toBe(data(8));
  });

  test("goes from far to near, and no layer is empty", () => {
    const layers = backdrop("golden", 7);
    expect(layers.map(({ follow }) => follow)).toEqual(layers.map(({ follow }) => follow).sort((a, b) => a - b));
    expect(layers.filter((layer) => !layer.pixels().data.some(Boolean)).map(({ name }) => name)).toEqual([]);
  });

  test("repeats without a seam: the sides differ no more than columns inside do", () => {
    for (const layer of backdrop("golden", 7)) {
      const pixels = layer.pixels();
      const inside = Array.from({ length: pixels.w - 1 }, (_, x) => difference(pixels, x, x + 1)).sort((a, b) => a - b);
      expect([layer.name, difference(pixels, pixels.w - 1, 0) <= inside.at(-1)!]).toEqual([layer.name, true]);
    }
  });

  test("the near sea closes the view below: nobody sees where the islands' air ends", () => {
    const sea = backdrop("golden", 7).find(({ name }) => name === "sea")!.pixels();
    expect([...sea.data.subarray((sea.h - 4) * sea.w)].includes(0)).toBe(false);
  });
});

function difference({ data, w, h }: Pixels, a: number, b: number): number {
  return Array.from({ length: h }, (_, y) => y).filter((y) => data[y * w + a] !== data[y * w + b]).length;
}
