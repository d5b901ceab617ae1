/** Tiles put together from their edges, as their neighbours ask for it. */

import { readFileSync } from "node:fs";
import { masks, Neighbour, type Neighbours, tileKinds, VARIANTS } from "../tiles.ts";
import { spriteFolder } from "./folder.ts";
import { blank, ink, paste, type Pixels } from "../pixels.ts";
import { partsOf } from "./sprite-file.ts";

const TILE = 16;

/** All tiles of all kinds, by the names of `tileFrame`. A kind's parts stand in `sprites/terrain/<kind>.sprite`. */
export function terrain(): Map<string, Pixels> {
  const tiles = new Map<string, Pixels>();
  for (const kind of tileKinds) {
    const parts = partsOf(kind, readFileSync(new URL(`terrain/${kind}.sprite`, spriteFolder), "utf8"));
    for (const mask of masks) for (let variant = 0; variant < VARIANTS; variant++) tiles.set(`tile.${kind}.${mask}.${variant}`, tile(parts, mask, variant));
  }
  for (let variant = 0; variant < VARIANTS; variant++) tiles.set(`core.${variant}`, dimmed(tiles.get(`tile.stone.255.${variant}`)!));
  return tiles;
}

/** Rock deep inside: the same stones without their lights, so that the eye stays at the edge, where one stands. */
function dimmed(rock: Pixels): Pixels {
  return { ...rock, data: rock.data.map((value) => (value === ink("stone") ? ink("slate") : value)) };
}

type Parts = ReadonlyMap<string, Pixels>;

/** Ground, sides, lower edge, corners, and what grows on top last. A part that a kind lacks is left out. */
function tile(parts: Parts, mask: Neighbours, variant: number): Pixels {
  const pixels = blank(TILE, TILE);
  const lay = (name: string, right = false, low = false): void => {
    const part = parts.get(`${name}.${variant}`) ?? parts.get(`${name}.${variant & 1}`) ?? parts.get(name);
    if (part) paste(pixels, part, right ? TILE - part.w : 0, low ? TILE - part.h : 0);
  };
  const has = (bit: number): boolean => (mask & bit) !== 0;
  const n = Neighbour;
  lay("fill");
  if (!has(n.south)) lay("bottom", false, true);
  if (!has(n.west)) lay("left");
  if (!has(n.east)) lay("right", true);
  if (!has(n.south) && !has(n.west)) lay("southwest", false, true);
  if (!has(n.south) && !has(n.east)) lay("southeast", true, true);
  if (!has(n.north)) lay("top");
  if (!has(n.north) && !has(n.west)) lay("northwest");
  if (!has(n.north) && !has(n.east)) lay("northeast", true);
  if (has(n.north) && has(n.west) && !has(n.northWest)) lay("inner-northwest");
  if (has(n.north) && has(n.east) && !has(n.northEast)) lay("inner-northeast", true);
  if (has(n.south) && has(n.west) && !has(n.southWest)) lay("inner-southwest", false, true);
  if (has(n.south) && has(n.east) && !has(n.southEast)) lay("inner-southeast", true, true);
  return pixels;
}
