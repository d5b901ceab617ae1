import { Stage, TILE } from "@kitewind/sim";
import { expect, it } from "vitest";
import { whereIs } from "./where";

const stage = Stage.parse([...Array.from({ length: 20 }, () => ".".repeat(60)), ` @${" ".repeat(28)}F${" ".repeat(29)}`, "#".repeat(60)]);
const at = (tx: number, ty: number): string => whereIs({ x: tx * TILE, y: ty * TILE }, stage);

it("people are at what everybody knows, or on a side, or high up", () => {
  expect([at(27, 21), at(35, 21), at(5, 21), at(50, 21), at(50, 4), at(23, 5)]).toEqual(["at the fountain", "at the fountain", "west", "east", "east, high up", "in the middle, high up"]);
  expect(whereIs(undefined, stage)).toBe("");
});
