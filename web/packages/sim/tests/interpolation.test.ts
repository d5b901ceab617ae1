import { describe, expect, test } from "vitest";
import { type Body, Interpolation, type Moved, type Seen, touchesCoin, UNIT } from "../src/index.ts";

const seen = (x: number, more: Partial<Seen> = {}): Seen => ({ x, y: 0, drawn: "run", facing: 1, away: false, ...more });
const moved = (x: number, more: Partial<Seen> = {}): Moved => ({ number: 7, ...seen(x, more) });

/** Snapshots of a body at 0, 300, 600 ... units, tick after tick, each on time. */
function walking(ticks: number): Interpolation {
  const others = new Interpolation();
  for (let tick = 0; tick < ticks; tick++) others.push({ tick, moved: [moved(300 * tick)] }, 1_000 + 50 * tick);
  return others;
}

describe("Interpolation", () => {
  test("draws 100 ms in the past, in a line between two snapshots", () => {
    const others = walking(5); // the last at 1,200 ms
    expect(others.at(1_200).get(7)?.x).toBe(600);
    expect(others.at(1_225).get(7)?.x).toBe(750);
    expect(others.at(1_249).get(7)?.x).toBe(894);
  });

  test("a snapshot that comes late moves nothing back by more than a fraction of a pixel", () => {
    const others = walking(6);
    const before = others.at(1_349).get(7)!.x;
    others.push({ tick: 6, moved: [moved(1_800)] }, 1_350 + 500);
    expect(others.at(1_349).get(7)!.x).toBeGreaterThan(before - UNIT / 4);
  });

  test("a server that leaves out every tenth tick is still drawn in lines, not in steps", () => {
    const others = new Interpolation();
    let [tick, sharp] = [0, 0];
    for (let slot = 0; slot < 2_000; slot++) {
      if (slot % 10 === 9) continue; // the server was late
      const now = 1_000 + 50 * slot;
      others.push({ tick, moved: [moved(300 * tick)] }, now);
      if (slot > 1_000 && others.at(now).get(7)?.x === 300 * tick) sharp += 1; // nothing newer to go to
      tick += 1;
    }
    expect(sharp).toBe(0);
  });

  test("stays where the last snapshot left somebody, and forgets older ones", () => {
    const others = walking(5);
    expect(others.at(9_000).get(7)?.x).toBe(1_200);
    others.push({ tick: 3, moved: [moved(-1)] }, 9_000);
    expect(others.at(9_000).get(7)?.x).toBe(1_200);
  });

  test("who stood still starts to move when they did, not when they were last told", () => {
    const others = walking(2); // tick 1: at 300
    for (let tick = 2; tick < 20; tick++) others.push({ tick, moved: [] }, 1_000 + 50 * tick);
    others.push({ tick: 20, moved: [moved(600)] }, 2_000);
    expect(others.at(2_040).get(7)?.x).toBe(300);
    expect(others.at(2_075).get(7)?.x).toBe(450);
  });

  test("a way of more than 64 px is a jump in place", () => {
    const others = new Interpolation();
    others.push({ tick: 0, moved: [moved(0)] }, 0);
    others.push({ tick: 1, moved: [moved(65 * UNIT)] }, 50);
    expect(others.at(120).get(7)?.x).toBe(0);
    expect(others.at(130).get(7)?.x).toBe(65 * UNIT);
  });

  test("knows who entered and who left", () => {
    const others = new Interpolation();
    others.enter(7, 0, seen(5));
    expect(others.at(0).get(7)?.x).toBe(5);
    others.leave(7);
    expect(others.at(0).size).toBe(0);
  });

  test("keeps a bounded number of samples when nobody asks", () => {
    const others = walking(10_000);
    expect(others.at(0).get(7)?.x).toBeGreaterThan(300 * 9_900);
  });
});

test.each([
  [0, 0, true],
  [9 * UNIT, -18 * UNIT, true],
  [9 * UNIT + 1, 0, false],
  [0, -18 * UNIT - 1, false],
  [0, 4 * UNIT + 1, false],
])("a body touches a coin %i, %i away: %s", (x, y, touches) => {
  expect(touchesCoin({ x: 0, y: 0 } as Body, x, y)).toBe(touches);
});
