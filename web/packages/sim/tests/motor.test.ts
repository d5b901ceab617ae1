// How the motor feels: docs/spec/feel.md. The twin's tests are in tests/unit/kitewind/test_motor.py.

import { describe, expect, test } from "vitest";
import { type Body, drawnState, Happened, Key, newBody, Stage, step, TILE_UNITS } from "../src/index.ts";

const FLAT = Stage.parse([
  ...Array<string>(20).fill(".".repeat(120)),
  `${".".repeat(60)}@${".".repeat(59)}`,
  ...Array<string>(2).fill("#".repeat(120)),
]);
const EDGE = Stage.parse([
  ...Array<string>(8).fill(".".repeat(40)),
  `...@${".".repeat(36)}`,
  `${"#".repeat(10)}${".".repeat(30)}`,
  ...Array<string>(10).fill(".".repeat(40)),
]);

function standing(stage: Stage = FLAT): Body {
  const body = newBody(stage);
  for (let tick = 0; tick < 60; tick++) step(body, 0, stage);
  expect(body.grounded).toBe(1);
  return body;
}

function ticksUntil(body: Body, keys: number, isSo: (body: Body) => boolean, stage: Stage = FLAT): number {
  for (let tick = 1; tick < 300; tick++) {
    step(body, keys, stage);
    if (isSo(body)) return tick;
  }
  throw new Error("never");
}

function jump(heldTicks: number): { height: number; ticks: number } {
  const body = standing();
  const ground = body.y;
  const heights = Array.from({ length: 60 }, (_, tick) => {
    step(body, tick < heldTicks ? Key.jump : 0, FLAT);
    return ground - body.y;
  });
  const height = Math.max(...heights);
  return { height, ticks: heights.indexOf(height) + 1 };
}

describe("jumps", () => {
  test("FEEL1: a full jump rises 3.4 tiles in 23 ticks", () => {
    expect(jump(60)).toEqual({ height: 13_800, ticks: 23 });
  });

  test("FEEL2: a jump let go at once rises 12.6 px in 10 ticks", () => {
    expect(jump(1)).toEqual({ height: 3_220, ticks: 10 });
  });

  test.each([1, 6, 7])("FEEL4: a jump %i ticks after the edge", (late) => {
    const body = standing(EDGE);
    ticksUntil(body, Key.right, ({ grounded }) => grounded === 0, EDGE);
    for (let tick = 1; tick < late; tick++) step(body, Key.right, EDGE);
    expect(step(body, Key.right | Key.jump, EDGE) & Happened.jumped).toBe(late <= 6 ? Happened.jumped : 0);
  });

  test.each([1, 6, 7])("FEEL5: a jump asked for %i ticks too early", (early) => {
    const probe = standing();
    step(probe, Key.jump, FLAT);
    const lands = 1 + ticksUntil(probe, 0, ({ grounded }) => grounded === 1); // ticks of the whole jump
    const body = standing();
    const jumped: number[] = [];
    for (let tick = 0; tick <= lands; tick++) {
      const keys = tick === 0 || tick === lands - early ? Key.jump : 0;
      if (step(body, keys, FLAT) & Happened.jumped) jumped.push(tick);
    }
    expect(jumped).toEqual(early <= 6 ? [0, lands] : [0]);
  });

  test("FEEL8: a pad throws 7.3 tiles high in 35 ticks", () => {
    const stage = Stage.parse([...Array<string>(20).fill("...."), "..@.", "....", "^^^^"]);
    const body = newBody(stage);
    ticksUntil(body, 0, ({ vy }) => vy < 0, stage);
    const ground = body.y;
    expect(ticksUntil(body, 0, ({ vy }) => vy >= -50, stage)).toBe(35);
    expect(ground - body.y).toBe(30_100);
  });
});

describe("running and falling", () => {
  test("FEEL3: full speed in 6 ticks, the other way in 10, standing in 8", () => {
    const body = standing();
    expect(ticksUntil(body, Key.right, ({ vx }) => vx === 576)).toBe(6);
    expect(ticksUntil(body, Key.left, ({ vx }) => vx === -576)).toBe(10);
    expect(ticksUntil(body, 0, ({ vx }) => vx === 0)).toBe(8);
  });

  test("FEEL7: the kite opens within 5 ticks after the top and falls 256 a tick", () => {
    const body = standing();
    for (let tick = 0; tick < 28; tick++) step(body, Key.jump, FLAT);
    expect([drawnState(body), body.vy]).toEqual(["glide", 256]);
    step(body, 0, FLAT);
    expect(drawnState(body)).toBe("fall");
  });

  test.each([
    [Key.right, "run", 1],
    [Key.left, "run", -1],
    [Key.jump, "jump", 1],
  ] as const)("FEEL9: key %i changes what is drawn in its tick", (keys, drawn, facing) => {
    const body = standing();
    step(body, keys, FLAT);
    expect([drawnState(body), body.facing]).toEqual([drawn, facing]);
  });

  test("FEEL13: who falls is back on safe ground and stands there for 24 ticks", () => {
    const body = standing(EDGE);
    ticksUntil(body, Key.right, ({ returning }) => returning === 24, EDGE);
    expect([body.y, body.vx, body.vy]).toEqual([9 * TILE_UNITS, 0, 0]);
    const before = body.x;
    for (let tick = 0; tick < 24; tick++) step(body, Key.left, EDGE);
    expect(body.x).toBe(before);
  });
});

describe("STAGE1: what is no stage is refused", () => {
  test.each([[[]], [["@", ".."]], [["."]], [["@@"]], [["@X"]], [["@".padEnd(513, ".")]]])("%j", (rows) => {
    expect(() => Stage.parse(rows)).toThrow(RangeError);
  });

  test("STAGE2: walls at the sides, air above and below", () => {
    const stage = Stage.parse(["@"]);
    expect([stage.tile(-1, 0), stage.tile(1, 5), stage.tile(0, -1), stage.tile(0, 1)]).toEqual([2, 2, 0, 0]);
  });
});
