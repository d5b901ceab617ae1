import { describe, expect, it } from "vitest";
import { Camera, DEAD_ZONE, EDGE_PX, FEET_AT, LOOK_AHEAD_PX, LOOK_UP, type Target } from "./camera";
import { fit, VIEW_AREA_PX } from "./view";

describe("the fit", () => {
  it.each([[1280, 720], [390, 844], [1170, 2532], [1920, 1080], [3840, 2160], [320, 568]])("of %i x %i is whole and shows about the same of the world", (width, height) => {
    const { scale, width: w, height: h } = fit(width, height);
    expect(Number.isInteger(scale)).toBe(true);
    expect(w * scale).toBeGreaterThanOrEqual(width);
    expect((w - 1) * scale).toBeLessThan(width);
    expect(w * h).toBeGreaterThan(VIEW_AREA_PX / 2.3);
    expect(w * h).toBeLessThan(VIEW_AREA_PX * 2.3);
  });

  it("copes with a window of nothing", () => expect(fit(0, 0)).toEqual({ scale: 1, width: 1, height: 1 }));
});

describe("the camera", () => {
  const STAGE = { width: 2000, height: 640 };
  const VIEW = { width: 480, height: 270 };
  const target = (more: Partial<Target> = {}): Target => ({ x: 1000, y: 300, facing: 1, isRunning: false, isGrounded: true, ...more });
  const watch = (camera: Camera, at: Target, seconds: number, frames: number): void => {
    for (let frame = 0; frame < frames; frame += 1) camera.follow(at, VIEW, STAGE, seconds / frames);
  };

  it("looks ahead of the way one runs", () => {
    for (const facing of [1, -1]) {
      const camera = new Camera();
      watch(camera, target({ facing, isRunning: true }), 10, 600);
      expect(camera.x + VIEW.width / 2 - 1000).toBeCloseTo(facing * LOOK_AHEAD_PX, 0);
    }
  });

  it("does not move for a step or a hop", () => {
    const camera = new Camera();
    watch(camera, target(), 1, 60);
    const { x, y } = camera;
    watch(camera, target({ x: 1000 + DEAD_ZONE.x, y: 300 - DEAD_ZONE.y, isGrounded: false }), 1, 60);
    expect([camera.x, camera.y]).toEqual([x, y]);
  });

  it("goes the same way at 30 and at 144 frames a second", () => {
    const [slow, quick] = [new Camera(), new Camera()];
    for (const [camera, rate] of [[slow, 30], [quick, 144]] as const) {
      watch(camera, target(), 1 / rate, 1);
      watch(camera, target({ x: 1100 }), 1, rate);
    }
    expect(Math.abs(slow.x - quick.x)).toBeLessThan(1);
  });

  it("puts the feet above the thumbs on an upright phone, on the lowest island too", () => {
    const tall = { width: 195, height: 422 };
    for (const y of [300, 480]) {
      const camera = new Camera();
      camera.follow(target({ y }), tall, STAGE, 1);
      expect((y - camera.y) / tall.height).toBeCloseTo(FEET_AT.tall, 5);
    }
  });

  it("looks further up for whose goal is above, with the feet still over the thumbs", () => {
    const tall = { width: 195, height: 422 };
    const [up, plain] = [true, false].map((aimsUp) => {
      const camera = new Camera();
      for (let frame = 0; frame < 600; frame += 1) camera.follow(target({ aimsUp }), tall, STAGE, 1 / 60);
      return (300 - camera.y) / tall.height;
    });
    expect([up, plain]).toEqual([expect.closeTo(FEET_AT.tall + LOOK_UP.tall, 2), expect.closeTo(FEET_AT.tall, 2)]);
    expect(up).toBeLessThan(0.7); // where the highest button begins, on the smallest screens
  });

  it("looks down while one falls, and not after a hop", () => {
    const [still, hop, fall] = [0, 0, 240].map((perSecond, which) => {
      const camera = new Camera();
      watch(camera, target({ y: 200 }), 1, 60);
      for (let frame = 1; frame <= 60; frame += 1) camera.follow(target({ y: 200 + (which === 1 ? -DEAD_ZONE.y * Math.sin((frame / 60) * Math.PI) : (perSecond * frame) / 60), isGrounded: which === 0 }), VIEW, STAGE, 1 / 60);
      return camera.y;
    });
    expect(hop).toBe(still);
    expect(200 + 240 - fall!).toBeLessThan(VIEW.height * FEET_AT.wide + DEAD_ZONE.y + 240 / 5 - 20); // without looking down the body would be lower in the view
  });

  it("stays within the stage and a strip around it, jumps to a far place, and centres a small stage", () => {
    const camera = new Camera();
    watch(camera, target({ x: 5, y: 5 }), 1, 60);
    expect([camera.x, camera.y]).toEqual([-EDGE_PX.side, -EDGE_PX.above]);
    camera.follow(target({ x: 1990, y: 630 }), VIEW, STAGE, 0.001);
    expect([camera.x, camera.y]).toEqual([STAGE.width + EDGE_PX.side - VIEW.width, STAGE.height - VIEW.height]);
    camera.follow(target(), VIEW, { width: 200, height: 100 }, 0.001);
    expect([camera.x, camera.y]).toEqual([-140, (100 - EDGE_PX.above - 270) / 2]);
  });
});
