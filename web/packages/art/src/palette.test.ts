import { describe, expect, test } from "vitest";
import { type Colour, palette, rgb, type ThemeName, themes } from "./palette.ts";

/** How a deuteranope sees a colour, in linear light (Machado, Oliveira, Fernandes 2009, severity 1). */
const DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]] as const;

function linear(colour: Colour): number[] {
  return rgb(colour).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
}

function deuteranope(colour: Colour): number[] {
  const seen = linear(colour);
  return DEUTERANOPIA.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, index) => sum + weight * seen[index]!, 0))));
}

const luminance = ([red = 0, green = 0, blue = 0]: readonly number[]): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

function contrast(a: readonly number[], b: readonly number[]): number {
  const [light, dark] = [Math.max(luminance(a), luminance(b)), Math.min(luminance(a), luminance(b))];
  return (light + 0.05) / (dark + 0.05);
}

describe("the palette", () => {
  test("has no colour twice, each written as six digits", () => {
    expect(Object.values(palette).filter((value) => !/^#[0-9a-f]{6}$/.test(value))).toEqual([]);
    expect(new Set(Object.values(palette)).size).toBe(32);
  });

  test("text on paper can be read by everybody", () => {
    for (const paper of ["cream", "paper", "foam", "gold"] as const) expect(contrast(linear("ink"), linear(paper))).toBeGreaterThan(7);
    expect(contrast(linear("cream"), linear("plum"))).toBeGreaterThan(7);
  });

  test("coins and bounce pads stand out from soil and rock without red and green, too", () => {
    for (const bright of ["gold", "butter", "cream"] as const) {
      for (const ground of ["clay", "slate", "umber"] as const) expect(contrast(deuteranope(bright), deuteranope(ground))).toBeGreaterThan(3);
    }
  });

  test("the outline parts figures from every sky by day", () => {
    for (const theme of ["golden", "dawn"] as const) {
      for (const band of themes[theme].sky) expect([band, contrast(linear("ink"), linear(band)) > 3]).toEqual([band, true]);
    }
  });

  test("each theme's glow is one of its sky's colours", () => {
    for (const name of Object.keys(themes) as ThemeName[]) expect(themes[name].sky).toContain(themes[name].glow);
  });
});
