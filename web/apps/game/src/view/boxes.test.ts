import { describe, expect, it } from "vitest";
import { type Box, lifted, placed, standing, within } from "./boxes";

const AREA: Box = { left: 6, right: 384, top: 66, bottom: 700 };
const SIZE = { width: 100, height: 40 };

describe("a box of text", () => {
  it.each([[-20, 300], [500, 300], [200, -30], [200, 900], [-20, 900]])("that stands at %i, %i is moved into the area", (x, bottom) => {
    const box = within(standing(x, bottom, SIZE), AREA);
    expect([box.left >= AREA.left, box.right <= AREA.right, box.top >= AREA.top, box.bottom <= AREA.bottom]).toEqual([true, true, true, true]);
    expect([box.right - box.left, box.bottom - box.top]).toEqual([100, 40]);
  });

  it("that has room stays where it is", () => {
    const box = standing(200, 300, SIZE);
    expect(placed(box, AREA, [standing(200, 350, SIZE)])).toEqual(box);
  });

  it("that is wider than the area begins at its left edge", () => expect(within(standing(200, 300, { width: 600, height: 40 }), AREA).left).toBe(6));

  it("climbs over those that were there before", () => {
    const others = [standing(200, 300, SIZE), standing(220, 259, SIZE)];
    expect(lifted(standing(210, 290, SIZE), others).bottom).toBe(218);
  });

  it("goes below the others where the sky ends", () => {
    const first = placed(standing(200, 90, SIZE), AREA, []);
    const second = placed(standing(210, 90, SIZE), AREA, [first]);
    expect([first.top, second.top]).toEqual([AREA.top, first.bottom + 1]);
  });

  it("stays within a full area all the same", () => {
    const small: Box = { left: 0, right: 120, top: 0, bottom: 60 };
    const first = placed(standing(60, 60, SIZE), small, []);
    expect(placed(standing(60, 60, SIZE), small, [first]).bottom).toBeLessThanOrEqual(60);
  });
});
