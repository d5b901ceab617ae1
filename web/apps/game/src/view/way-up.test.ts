import { readFileSync } from "node:fs";
import { Stage, Tile } from "@kitewind/sim";
import { expect, it } from "vitest";
import { STOPS, wayUp } from "./way-up";

const rows = readFileSync(new URL("../../../../../src/kitewind/stages/plaza.txt", import.meta.url), "utf8").trimEnd().split("\n");
const plaza = Stage.parse(rows);
const JUMP_TILES = 3;
const PAD_TILES = 7;

it("goes from the flag to the kite by places to stand on, each a jump or a pad's throw above the last", () => {
  const under = STOPS.map(({ tx, ty }) => plaza.tile(tx, ty + 1));
  expect(under).not.toContain(Tile.empty);
  const rises = STOPS.slice(1).map(({ ty }, index) => [STOPS[index]!.ty - ty, under[index] === Tile.pad ? PAD_TILES : JUMP_TILES] as const);
  for (const [rise, most] of rises) expect(rise).toBeLessThanOrEqual(most);
  const posts = wayUp(plaza);
  expect(posts.length).toBeGreaterThan(STOPS.length);
  expect(posts[0]?.degrees).toBe(90);
});

it("is nothing in another stage", () => expect(wayUp(Stage.parse(["@"]))).toEqual([]));
