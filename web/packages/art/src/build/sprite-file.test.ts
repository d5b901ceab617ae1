import { describe, expect, test } from "vitest";
import { at, ink } from "../pixels.ts";
import { draw } from "./sprite-file.ts";

const DOT = "legend 1 gold\n\npart dot\n1\n\n";

describe("a sprite file", () => {
  test("parts are laid in order, mirrored and wiped", () => {
    const { frames } = draw("x", "size 4 1\nlegend 1 gold 2 fern\n\npart pair\n12\n\npart hole\n-\n\nframe a = pair@0,0 pair!@2,0 hole@1,0\n");
    expect([...frames.get("x.a")!.data]).toEqual([ink("gold"), 0, ink("fern"), ink("gold")]);
  });

  test("the outline closes around the figure, and not around what is behind it", () => {
    const { frames } = draw("x", `outline ink\n${DOT}frame a 5x3 = dot@1,1 | dot@4,1\n`);
    const frame = frames.get("x.a")!;
    expect([at(frame, 1, 0), at(frame, 0, 1), at(frame, 2, 1), at(frame, 1, 2)]).toEqual([1, 1, 1, 1]);
    expect([at(frame, 4, 0), at(frame, 3, 1), at(frame, 4, 1)]).toEqual([0, 0, ink("gold")]);
  });

  test("each look draws every frame in its colours, by number", () => {
    const { frames, animations } = draw("x", "size 1 1\nlook warm 1 gold\nlook cold 1 aqua\n\npart dot\n1\n\nframe a = dot@0,0\nanimation spin 4 loop = a*2\n");
    expect([frames.get("x-0.a")!.data[0], frames.get("x-1.a")!.data[0]]).toEqual([ink("gold"), ink("aqua")]);
    expect(animations.get("x-1.spin")).toEqual({ frames: ["x-1.a", "x-1.a"], fps: 4, loop: true });
  });

  test.each([
    ["a colour that is not in the palette", "legend 1 beige\n", "x.sprite:1: \"beige\" is not in the palette"],
    ["a word that means nothing", "\npaint dot\n", "x.sprite:2: what is \"paint\"?"],
    ["the same part twice", `${DOT}part dot\n1\n`, "x.sprite:6: dot is drawn twice"],
    ["a letter without a colour", "part a\n7\n\nframe f = a@0,0\n", "the letter 7 is in no legend"],
    ["a frame of a part that is not there", "frame f = ghost@0,0\n", "wants a part ghost that is not there"],
  ])("%s is refused with the place", (_, text, message) => {
    expect(() => draw("x", text)).toThrow(message);
  });
});
