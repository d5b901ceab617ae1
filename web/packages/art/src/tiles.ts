/** Tiles whose edges follow from their neighbours: eight bits, of which 47 cases can be told apart. */

export const tileKinds = ["grass", "stone", "cloud", "wood"] as const;
export type TileKind = (typeof tileKinds)[number];

/** One bit for each neighbour that is solid too, clockwise from north. */
export const Neighbour = { north: 1, northEast: 2, east: 4, southEast: 8, south: 16, southWest: 32, west: 64, northWest: 128 } as const;
export type Neighbours = number;

/** Variants of the same tile, so that a meadow is no wallpaper. */
export const VARIANTS = 4;

/** A corner shows only between two solid sides: the other cases look alike, and are folded into one. */
export function fold(mask: Neighbours): Neighbours {
  const n = Neighbour;
  let folded = mask & (n.north | n.east | n.south | n.west);
  if (mask & n.north && mask & n.east) folded |= mask & n.northEast;
  if (mask & n.south && mask & n.east) folded |= mask & n.southEast;
  if (mask & n.south && mask & n.west) folded |= mask & n.southWest;
  if (mask & n.north && mask & n.west) folded |= mask & n.northWest;
  return folded;
}

/** The 47 masks that `fold` leaves. */
export const masks: readonly Neighbours[] = [...new Set(Array.from({ length: 256 }, (_, mask) => fold(mask)))].sort((a, b) => a - b);

/** The mask of the tile at (tx, ty), asking `solid` about the eight around it. */
export function neighbourMask(solid: (tx: number, ty: number) => boolean, tx: number, ty: number): Neighbours {
  const around = [[0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1]] as const;
  return around.reduce((mask, [dx, dy], bit) => (solid(tx + dx, ty + dy) ? mask | (1 << bit) : mask), 0);
}

/** A number that only the place decides, 0 to 2^32 - 1: everybody sees the same flowers. */
export function placeHash(tx: number, ty: number): number {
  let hash = Math.imul(tx + 0x9e37, 0x85ebca6b) ^ Math.imul(ty + 0x79b9, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The atlas's name of the tile of `kind` at (tx, ty) between these neighbours. */
export function tileFrame(kind: TileKind, mask: Neighbours, tx: number, ty: number): string {
  return `tile.${kind}.${fold(mask)}.${placeHash(tx, ty) % VARIANTS}`;
}
