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
  return `tile.${kind}.${fold(mask)}.${variant(kind, tx, ty)}`;
}

/** The stones of the rock reach over the tiles' edges: its variants are the quarters of one picture. The others are thrown at random. */
function variant(kind: TileKind, tx: number, ty: number): number {
  return kind === "stone" ? (tx & 1) | ((ty & 1) << 1) : placeHash(tx, ty) % VARIANTS;
}

/** What a stage's cell is made of, as far as pictures care. A bounce pad stands in grass. */
export type Ground = TileKind | undefined;

const isFirm = (ground: Ground): boolean => ground === "grass" || ground === "stone";

/** Grass and rock grow together; planks and clouds only with their like. */
function joins(kind: TileKind, other: Ground): boolean {
  return isFirm(kind) ? isFirm(other) : kind === other;
}

type GroundAt = (tx: number, ty: number) => Ground;

/**
 * Everything that the ground shows in the cell (tx, ty), from back to front: the tile with its edges, the seam between soil and rock, the
 * flags under planks, or in an empty cell what grows up from below or hangs down from above. Each frame hangs by the lower middle of the cell.
 */
export function cellFrames(ground: GroundAt, tx: number, ty: number): string[] {
  const kind = ground(tx, ty);
  const hash = placeHash(tx, ty);
  if (!kind) return growth(ground(tx, ty + 1), ground(tx, ty - 1), hash);
  if (kind === "stone" && isDeep(ground, tx, ty)) return [`core.${variant(kind, tx, ty)}`];
  const mask = neighbourMask((x, y) => joins(kind, ground(x, y)), tx, ty);
  const tile = tileFrame(kind, mask, tx, ty);
  if (kind === "stone" && ground(tx, ty - 1) === "grass") return [tile, `seam.${hash % 3}`];
  return kind === "wood" ? [`bunting.${tx & 1}`, tile] : [tile];
}

/** Two cells from any air. */
function isDeep(ground: GroundAt, tx: number, ty: number): boolean {
  for (let y = ty - 2; y <= ty + 2; y++) for (let x = tx - 2; x <= tx + 2; x++) if (!isFirm(ground(x, y))) return false;
  return ground(tx, ty - 1) === "stone";
}

/** Of fifteen cells above a meadow nine have a tuft, one a flower, and some a mushroom; of three below an island one has vines. */
function growth(below: Ground, above: Ground, hash: number): string[] {
  const frames: string[] = [];
  const chance = (hash >>> 8) % 15;
  if (below === "grass" && chance < 9) frames.push(`tuft.${hash % 4}`);
  if (below === "grass" && chance === 9) frames.push(hash % 3 ? `flower.${hash % 4}` : "mushroom");
  if (isFirm(above) && chance % 3 === 0) frames.push(`vine.${(hash >>> 4) % 3}`);
  return frames;
}
