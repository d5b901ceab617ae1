import { expect, test } from "vitest";
import { Series } from "./series";

test("the oldest moment makes room", () => {
  const series = new Series(2, 3);
  for (let at = 1; at <= 5; at += 1) series.add(at, [at * 10, at * 100]);
  expect(series.columns()).toEqual([
    [3, 4, 5],
    [30, 40, 50],
    [300, 400, 500],
  ]);
});

test("a moment told twice counts once", () => {
  const series = new Series(1, 3);
  series.add(2, [1]);
  series.add(2, [9]);
  series.add(1, [9]);
  expect(series.columns()).toEqual([[2], [1]]);
});
