import { describe, expect, it } from "vitest";
import { Acting, EMOTE_MS, frameAt, LAND_MS } from "./animate";

describe("frames", () => {
  const run = { frames: ["a", "b", "c"], fps: 10, loop: true };

  it("follow the time, over and over or once", () => {
    const shown = [-5, 0, 99, 100, 299, 300, 1e6].map((ms) => frameAt(run, ms)).join("");
    expect(shown).toBe("aaabcab");
    expect([0, 200, 5000].map((ms) => frameAt({ ...run, loop: false }, ms)).join("")).toBe("acc");
  });
});

describe("acting", () => {
  const at = (acting: Acting, drawn: "idle" | "run" | "fall" | "glide", ms: number) => acting.play({ drawn, number: 0 }, ms);

  it("tells a landing once, and shows it while standing", () => {
    const acting = new Acting();
    at(acting, "fall", 1000);
    expect(at(acting, "idle", 1016)).toEqual({ motion: "land", sinceMs: 1016, landed: true });
    expect(at(acting, "idle", 1032)).toEqual({ motion: "land", sinceMs: 1016, landed: false });
    expect(at(acting, "idle", 1016 + LAND_MS).motion).toBe("idle");
    at(acting, "glide", 2000);
    expect(at(acting, "run", 2016)).toMatchObject({ motion: "run", landed: true });
  });

  it("makes a gesture while standing, and runs rather than wave", () => {
    const acting = new Acting();
    at(acting, "idle", 1000);
    acting.gesture("heart", 1000);
    expect(at(acting, "idle", 1100).motion).toBe("cheer");
    expect(at(acting, "run", 1200).motion).toBe("run");
    expect(at(acting, "idle", 1000 + EMOTE_MS).motion).toBe("idle");
  });

  it("blinks now and then, each in their own time", () => {
    const acting = new Acting();
    const blinks = Array.from({ length: 1000 }, (_, frame) => at(acting, "idle", 5000 + frame * 16).motion).filter((motion) => motion === "blink").length;
    expect(blinks).toBeGreaterThan(20);
    expect(blinks).toBeLessThan(100);
  });
});
