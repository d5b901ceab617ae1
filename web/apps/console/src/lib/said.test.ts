import { expect, test } from "vitest";
import { said } from "./said";

test("a message is told by its texts, however a game wraps them", () => {
  expect(said('{"text":"hello there"}')).toBe("hello there");
  expect(said('{"lines":["a","b"],"size":3}')).toBe("a b");
});

test("what has no texts, or is no JSON, is told as it came", () => {
  expect(said('{"emote":4}')).toBe('{"emote":4}');
  expect(said("plain")).toBe("plain");
});
