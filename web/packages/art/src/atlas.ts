/** The shape of the atlas that the build makes of `sprites/*.sprite`, and the names by which the game asks for what is in it. */

/** A picture's place in the atlas, in pixels. A frame hangs by the middle of its lower edge: there are the feet. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Animation {
  /** Names of frames, in order; a frame that stays longer is named again. */
  readonly frames: readonly string[];
  readonly fps: number;
  readonly loop: boolean;
}

export interface Atlas {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly frames: Readonly<Record<string, Frame>>;
  readonly animations: Readonly<Record<string, Animation>>;
}

/** A picture of its own for the DOM: panels and buttons as `border-image`, the wordmark as `<img>`. */
export interface Picture {
  readonly url: string;
  readonly w: number;
  readonly h: number;
  /** Pixels of the border on every side, for a 9-slice. */
  readonly slice?: number;
}

/** Who can be played, and in which colours, by the names that people read. */
export const heroes = {
  pip: ["amber", "mint", "violet"],
  moss: ["fern", "rain", "plum"],
  bolt: ["tin", "copper", "lagoon"],
} as const;

export type Hero = keyof typeof heroes;
/** A hero and the number of the colours: `pip-0`. It travels in the join's metadata. */
export type Look = `${Hero}-${0 | 1 | 2}`;

export const looks: readonly Look[] = (Object.keys(heroes) as Hero[]).flatMap((hero) => heroes[hero].map((_, colours) => `${hero}-${colours}` as Look));

/** The look of the plaza's bots. */
export const BOT_LOOK: Look = "bolt-0";

/** What every hero can do. Motor states have the motor's names. */
export const motions = ["idle", "run", "jump", "fall", "glide", "land", "wave", "cheer", "laugh", "blink"] as const;
export type Motion = (typeof motions)[number];

/** The atlas's name of a hero's animation: `pip-0.run`. A look that nobody knows is drawn as the first. */
export function heroAnimation(look: string, motion: Motion): string {
  return `${(looks as readonly string[]).includes(look) ? look : looks[0]}.${motion}`;
}

export const emotes = ["wave", "heart", "laugh", "kite"] as const;
export type Emote = (typeof emotes)[number];

/** CSS that shows a frame in a DOM element, enlarged by a whole number. Numbers are CSS pixels. */
export function frameStyle(atlas: Atlas, name: string, scale: number): string {
  const frame = atlas.frames[name];
  if (!frame) throw new Error(`the atlas has no frame ${name}`);
  return [
    `width:${frame.w * scale}px`,
    `height:${frame.h * scale}px`,
    `background:url("${atlas.url}") ${-frame.x * scale}px ${-frame.y * scale}px / ${atlas.width * scale}px ${atlas.height * scale}px`,
    "image-rendering:pixelated",
  ].join(";");
}
