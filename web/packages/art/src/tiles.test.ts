import { describe, expect, test } from "vitest";
import { cellFrames, fold, type Ground, masks, Neighbour, neighbourMask, placeHash, tileFrame } from "./tiles.ts";

const ROWS = ["      ", " #### ", " %##% ", "--%   ", "      ", " --   "];
const KINDS: Readonly<Record<string, Ground>> = { "#": "grass", "%": "stone", "-": "wood" };
const ground = (tx: number, ty: number): Ground => KINDS[ROWS[ty]?.[tx] ?? " "];

describe("neighbours", () => {
  test("are counted clockwise from north", () => {
    const only = (x: number, y: number) => (tx: number, ty: number) => tx === x && ty === y;
    expect(neighbourMask(only(5, 4), 5, 5)).toBe(Neighbour.north);
    expect(neighbourMask(only(6, 6), 5, 5)).toBe(Neighbour.southEast);
    expect(neighbourMask(only(4, 4), 5, 5)).toBe(Neighbour.northWest);
  });

  test("a corner counts only between two sides", () => {
    const n = Neighbour;
    expect(fold(n.north | n.northEast)).toBe(n.north);
    expect(fold(n.north | n.east | n.northEast)).toBe(n.north | n.east | n.northEast);
    expect(masks.every((mask) => fold(mask) === mask)).toBe(true);
  });
});

describe("cells", () => {
  test("grass and rock grow together, and soil crumbles where it lies on rock", () => {
    const [tile, seam] = cellFrames(ground, 1, 2);
    const firm = (x: number, y: number) => ground(x, y) === "grass" || ground(x, y) === "stone";
    expect(tile).toBe(tileFrame("stone", neighbourMask(firm, 1, 2), 1, 2));
    expect(seam).toMatch(/^seam\.\d$/);
  });

  test("planks do not join the island beside them, and carry flags", () => {
    expect(cellFrames(ground, 1, 5)[0]).toMatch(/^bunting\.[01]$/);
    expect(cellFrames(ground, 1, 3)[1]).toMatch(new RegExp(`^tile\\.wood\\.${Neighbour.west}\\.`));
    expect(cellFrames(ground, 1, 5)[1]).toMatch(new RegExp(`^tile\\.wood\\.${Neighbour.east}\\.`));
  });

  test("tufts and a few flowers stand on meadows, vines hang from islands, nowhere else", () => {
    const grown = (row: readonly string[], tx: number, ty: number): string[] => cellFrames((x, y) => KINDS[row[y]?.[x % 2] ?? " "], tx, ty);
    const many = Array.from({ length: 200 }, (_, index) => index * 2);
    const above = many.flatMap((tx) => grown(["  ", "##"], tx, 0));
    const below = many.flatMap((tx) => grown(["%%", "  "], tx, 1));
    const tufts = above.filter((name) => name.startsWith("tuft."));
    const blooms = above.filter((name) => /^(flower\.|mushroom)/.test(name));
    expect([above.length - tufts.length - blooms.length, tufts.length > 60, tufts.length < 180, blooms.length > 3, blooms.length < 40]).toEqual([0, true, true, true, true]);
    expect(below.every((name) => name.startsWith("vine.")) && below.length > 30 && below.length < 120).toBe(true);
    expect(many.flatMap((tx) => grown(["--", "  ", "--"], tx, 1))).toEqual([]);
  });

  test("everybody sees the same: the place alone decides", () => {
    expect(cellFrames(ground, 2, 1)).toEqual(cellFrames(ground, 2, 1));
    const spread = new Set(Array.from({ length: 64 }, (_, tx) => placeHash(tx, 3) % 4));
    expect(spread.size).toBe(4);
  });
});
