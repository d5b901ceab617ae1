import { expect, test } from "vitest";
import { difference, pretty } from "./diff";

const told = (before: unknown, after: unknown): string[] => difference(before, after).map(({ sign, text }) => sign + text);

test("only what changed has a sign", () => {
  expect(told({ jump: 5, speed: 1 }, { jump: 9, speed: 1 })).toEqual([" {", '-  "jump": 5,', '+  "jump": 9,', '   "speed": 1', " }"]);
});

test("the order of keys is no change", () => {
  expect(told({ a: 1, b: 2 }, { b: 2, a: 1 }).every((text) => text.startsWith(" "))).toBe(true);
});

test("nothing before is all new, nothing after is all gone", () => {
  expect(told(undefined, 5)).toEqual(["+5"]);
  expect(told("x", null)).toEqual(['-"x"']);
});

test("a value too long to compare is shown whole, old before new", () => {
  const long = Array.from({ length: 500 }, (_, index) => index);
  const signs = difference(long, [...long, 500]).map(({ sign }) => sign);
  expect(signs.lastIndexOf("-")).toBeLessThan(signs.indexOf("+"));
});

test("both sides can be read back from the lines", () => {
  const [before, after] = [{ a: [1, 2, 3], b: "x" }, { a: [1, 3, 4], c: "x" }];
  const lines = difference(before, after);
  const side = (gone: string): unknown => JSON.parse(lines.filter(({ sign }) => sign !== gone).map(({ text }) => text).join("\n"));
  expect(side("+")).toEqual(before);
  expect(side("-")).toEqual(after);
  expect(pretty(undefined)).toBe("");
});
