/** Everything that is seen and heard of Kitewind, without a game engine: names, painters, tiles, sound. The pixels come from `virtual:kitewind-atlas`. */

export * from "./atlas.ts";
export { type Colour, palette, rgb, type Theme, type ThemeName, themes } from "./palette.ts";
export { cellFrames, type Ground, type Neighbours, neighbourMask, placeHash, tileFrame, type TileKind, tileKinds } from "./tiles.ts";
export { backdrop, type Layer } from "./backdrop.ts";
export { cloudBank } from "./clouds.ts";
export { paintSky } from "./sky.ts";
export { type Effect, effects } from "./sound/effects.ts";
export { type Bus, Sound } from "./sound/sound.ts";
export { hatRise } from "./hats.ts";
