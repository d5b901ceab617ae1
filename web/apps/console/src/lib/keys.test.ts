import { expect, test } from "vitest";
import { fit, Sequence } from "./keys";

test("two keys in time are one sequence", () => {
  const keys = new Sequence(["g"]);
  expect(keys.feed("g", 0)).toBe("");
  expect(keys.feed("p", 500)).toBe("g p");
  expect(keys.feed("p", 600)).toBe("p");
});

test("a start that waited too long counts for nothing", () => {
  const keys = new Sequence(["g"]);
  keys.feed("g", 0);
  expect(keys.feed("p", 5000)).toBe("p");
});

test("a start in second place is an ordinary key", () => {
  const keys = new Sequence(["g"]);
  keys.feed("g", 0);
  expect(keys.feed("g", 10)).toBe("g g");
});

test("beginnings fit better than middles, letters out of order do not fit", () => {
  expect(fit("Chat and reports", "chat")).toBeGreaterThan(fit("Chat and reports", "rep"));
  expect(fit("Chat and reports", "rep")).toBeGreaterThan(fit("Chat and reports", "hat"));
  expect(fit("Chat and reports", "cnr")).toBe(0);
  expect(fit("Chat and reports", "zz")).toBe(-1);
});
