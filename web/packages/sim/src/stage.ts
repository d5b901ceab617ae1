// A stage: rows of text, one character a tile. The rules are STAGE1... of docs/spec/feel.md; the twin is src/kitewind/stage.py.

export const TICK_HZ = 60;
export const UNIT = 256; // of one pixel
export const TILE = 16; // pixels
export const TILE_UNITS = TILE * UNIT;
export const TILE_SHIFT = 12; // TILE_UNITS as a shift, which rounds down for negative numbers too

export const Tile = { empty: 0, grass: 1, stone: 2, wood: 3, cloud: 4, pad: 5 } as const;
export type Tile = (typeof Tile)[keyof typeof Tile];

export type ThingKind = "fountain" | "sign" | "kite" | "lamp" | "stall" | "board" | "gate" | "feather" | "windmill" | "lighthouse" | "flower" | "bush";

/** A tile's place, in tiles from the upper left corner. */
export interface Place {
  readonly tx: number;
  readonly ty: number;
}

/** Scenery; it stands on the lower edge of its tile. */
export interface Thing extends Place {
  readonly kind: ThingKind;
}

export const MAX_SIDE = 512; // tiles; keeps every number far below 2^31

const TILES: Readonly<Record<string, Tile>> = { "#": Tile.grass, "%": Tile.stone, "-": Tile.wood, "~": Tile.cloud, "^": Tile.pad };
const THINGS: Readonly<Record<string, ThingKind>> = { F: "fountain", S: "sign", K: "kite", L: "lamp", T: "stall", B: "board", R: "gate", Y: "feather", W: "windmill", H: "lighthouse", "*": "flower", '"': "bush" };

export class Stage {
  private constructor(
    readonly rows: readonly string[],
    readonly width: number,
    readonly height: number,
    readonly tiles: Uint8Array,
    readonly spawn: Place,
    readonly coins: readonly Place[],
    readonly pads: readonly Place[],
    readonly things: readonly Thing[],
  ) {}

  /** Throws RangeError for rows that make no stage: unequal, too many, an unknown character, not exactly one start. */
  static parse(rows: readonly string[]): Stage {
    const width = rows[0]?.length ?? 0;
    const height = rows.length;
    if (width < 1 || width > MAX_SIDE || height > MAX_SIDE) throw new RangeError(`a stage has 1 to ${MAX_SIDE} tiles a side`);
    const tiles = new Uint8Array(width * height);
    const spawns: Place[] = [];
    const coins: Place[] = [];
    const pads: Place[] = [];
    const things: Thing[] = [];
    rows.forEach((row, ty) => {
      if (row.length !== width) throw new RangeError(`row ${ty} has ${row.length} tiles, the first has ${width}`);
      for (let tx = 0; tx < width; tx++) {
        const mark = row.charAt(tx);
        const tile = TILES[mark];
        const kind = THINGS[mark];
        if (tile !== undefined) tiles[ty * width + tx] = tile;
        if (tile === Tile.pad) pads.push({ tx, ty });
        else if (kind !== undefined) things.push({ kind, tx, ty });
        else if (mark === "o") coins.push({ tx, ty });
        else if (mark === "@") spawns.push({ tx, ty });
        else if (tile === undefined && !/^[ .a-z]$/.test(mark)) throw new RangeError(`row ${ty} has the unknown mark ${mark}`);
      }
    });
    const spawn = spawns[0];
    if (spawn === undefined || spawns.length > 1) throw new RangeError("a stage has exactly one start, @");
    return new Stage(rows, width, height, tiles, spawn, coins, pads, things);
  }

  /** What is at a place: walls to the left and right of the stage, air above and below it. */
  tile(tx: number, ty: number): Tile {
    if (tx < 0 || tx >= this.width) return Tile.stone;
    if (ty < 0 || ty >= this.height) return Tile.empty;
    return this.tiles[ty * this.width + tx] as Tile;
  }

  /** The things of a kind, from left to right within each row, the upper rows first. */
  all(kind: ThingKind): Thing[] {
    return this.things.filter((thing) => thing.kind === kind);
  }
}

/** Nothing passes a solid tile; wood and cloud hold feet that come from above. */
export function isSolid(tile: Tile): boolean {
  return tile === Tile.grass || tile === Tile.stone || tile === Tile.pad;
}

export function isLedge(tile: Tile): boolean {
  return tile === Tile.wood || tile === Tile.cloud;
}
