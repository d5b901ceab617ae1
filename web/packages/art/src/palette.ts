/** The 32 colours of Kitewind. Whatever is drawn, is drawn with these: it is what holds the picture together. */

/** Shadows lean to violet, lights to yellow, so a ramp never only gets brighter. */
export const palette = {
  ink: "#231a3c",
  plum: "#43305e",
  slate: "#64557f",
  stone: "#9385a3",
  pebble: "#c6b6bc",
  cream: "#fff6dc",
  paper: "#f3d8ab",
  pine: "#1e4a55",
  fern: "#2f7d58",
  leaf: "#66b04a",
  lime: "#aed351",
  straw: "#ecec8c",
  umber: "#502c41",
  clay: "#824549",
  terracotta: "#b96a4d",
  sand: "#e0a26c",
  ember: "#c43c3f",
  coral: "#f26d57",
  apricot: "#fb9f5b",
  gold: "#ffcb4d",
  butter: "#fff0a3",
  wine: "#802a57",
  rose: "#cf4d7c",
  blossom: "#f79aae",
  peach: "#ffc8a5",
  dusk: "#4a478c",
  iris: "#7a70c4",
  lilac: "#b6a6e4",
  depth: "#1d5d7c",
  lagoon: "#2f98a8",
  aqua: "#74d0c6",
  foam: "#c9f1dc",
} as const;

export type Colour = keyof typeof palette;

/** Red, green and blue, 0-255, of a palette colour. */
export function rgb(colour: Colour): [red: number, green: number, blue: number] {
  const value = Number.parseInt(palette[colour].slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export type ThemeName = "golden" | "dawn" | "dusk" | "night";

/** What a sky is painted with: bands from the zenith to the horizon, and the hills that stand before it, far to near. */
export interface Theme {
  readonly sky: readonly Colour[];
  readonly ridges: readonly Colour[];
  readonly cloud: readonly [light: Colour, middle: Colour, shade: Colour];
  readonly sun: Colour;
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  golden: {
    sky: ["lagoon", "aqua", "foam", "cream", "peach", "apricot"],
    ridges: ["lilac", "iris", "dusk"],
    cloud: ["cream", "peach", "blossom"],
    sun: "butter",
  },
  dawn: { sky: ["iris", "lilac", "blossom", "peach", "cream", "butter"], ridges: ["lilac", "iris", "dusk"], cloud: ["cream", "peach", "lilac"], sun: "cream" },
  dusk: { sky: ["dusk", "iris", "rose", "coral", "apricot", "gold"], ridges: ["rose", "wine", "plum"], cloud: ["peach", "coral", "rose"], sun: "gold" },
  night: { sky: ["ink", "plum", "dusk", "dusk", "iris", "lilac"], ridges: ["dusk", "plum", "ink"], cloud: ["iris", "dusk", "plum"], sun: "cream" },
};
