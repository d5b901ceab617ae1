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

/** What a sky and its backdrop are painted with. Lists run from the zenith to the horizon, or from lit to shaded. */
export interface Theme {
  readonly sky: readonly Colour[];
  readonly sun: Colour;
  /** The colour of `sky` that surrounds the sun. */
  readonly glow: Colour;
  readonly streak: Colour;
  /** Kites that fly far off: lit and shaded. */
  readonly kite: readonly [Colour, Colour];
  /** Heaps of cloud at the horizon. */
  readonly heap: readonly Colour[];
  /** The sea of clouds far below, then the near one. */
  readonly seaFar: readonly Colour[];
  readonly cloud: readonly Colour[];
  /** Islands far off, then nearer ones: meadow lit, meadow, rock lit, rock. */
  readonly far: readonly [Colour, Colour, Colour, Colour];
  readonly near: readonly [Colour, Colour, Colour, Colour];
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  golden: {
    sky: ["lagoon", "aqua", "foam", "cream", "peach", "apricot", "coral"],
    sun: "butter",
    glow: "cream",
    streak: "foam",
    kite: ["blossom", "rose"],
    heap: ["cream", "peach", "peach", "blossom"],
    seaFar: ["cream", "peach", "blossom", "lilac"],
    cloud: ["cream", "peach", "blossom", "lilac"],
    far: ["foam", "aqua", "peach", "lilac"],
    near: ["foam", "aqua", "lilac", "iris"],
  },
  dawn: {
    sky: ["iris", "lilac", "blossom", "peach", "cream", "butter"],
    sun: "butter",
    glow: "cream",
    streak: "blossom",
    kite: ["peach", "rose"],
    heap: ["cream", "peach", "blossom", "lilac"],
    seaFar: ["peach", "blossom", "lilac", "iris"],
    cloud: ["cream", "peach", "blossom", "lilac"],
    far: ["blossom", "lilac", "lilac", "iris"],
    near: ["aqua", "lagoon", "iris", "dusk"],
  },
  dusk: {
    sky: ["dusk", "iris", "rose", "coral", "apricot", "gold"],
    sun: "butter",
    glow: "gold",
    streak: "coral",
    kite: ["gold", "wine"],
    heap: ["peach", "coral", "rose", "wine"],
    seaFar: ["coral", "rose", "wine", "plum"],
    cloud: ["peach", "coral", "rose", "wine"],
    far: ["coral", "rose", "wine", "wine"],
    near: ["fern", "pine", "plum", "ink"],
  },
  night: {
    sky: ["ink", "plum", "dusk", "dusk", "iris", "lilac"],
    sun: "cream",
    glow: "lilac",
    streak: "iris",
    kite: ["iris", "dusk"],
    heap: ["lilac", "iris", "dusk", "plum"],
    seaFar: ["iris", "dusk", "plum", "plum"],
    cloud: ["lilac", "iris", "dusk", "plum"],
    far: ["iris", "dusk", "dusk", "plum"],
    near: ["lagoon", "pine", "plum", "ink"],
  },
};
