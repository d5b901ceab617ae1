import { describe, expect, it } from "vitest";
import { CATCH_UP_MS_MAX, FixedLoop } from "./loop";

function counted(): { loop: FixedLoop; taken: () => number } {
  let taken = 0;
  return { loop: new FixedLoop(() => (taken += 1), 60), taken: () => taken };
}

describe("the fixed loop", () => {
  it("takes 60 ticks a second whatever the frames are", () => {
    for (const frameMs of [1000 / 240, 1000 / 144, 1000 / 60, 1000 / 30]) {
      const { loop, taken } = counted();
      for (let at = 0; at <= 10_000; at += frameMs) loop.advance(at);
      expect(Math.abs(taken() - 600)).toBeLessThanOrEqual(2);
    }
  });

  it("begins with the first frame, not with the clock", () => {
    const { loop, taken } = counted();
    expect(loop.advance(1e9)).toBe(0);
    expect(loop.advance(1e9 + 17)).toBe(1);
    expect(taken()).toBe(1);
  });

  it("does not replay a sleep", () => {
    const { loop } = counted();
    loop.advance(0);
    expect(loop.advance(60_000)).toBe((CATCH_UP_MS_MAX * 60) / 1000);
  });

  it("stands still when the clock steps back", () => {
    const { loop } = counted();
    loop.advance(100);
    expect(loop.advance(50)).toBe(0);
  });

  it("tells how far the next tick is", () => {
    const { loop } = counted();
    loop.advance(0);
    loop.advance(25);
    expect(loop.fraction).toBeCloseTo(0.5);
  });
});
