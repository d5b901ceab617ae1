import { expect, test } from "vitest";
import { indented } from "./indent";

test("each value has its line, as JSON.stringify would have it", () => {
  for (const value of [{ a: [1, { b: null }], c: {}, d: [] }, [], "x", 12, { "a, {b": 'say "no": [1, 2]', c: "\\" }, [[["deep"]]]]) {
    expect(indented(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  }
});

test("numbers are shown as they were sent", () => {
  expect(indented('{"id":9007199254740993,"x":1.0}')).toBe('{\n  "id": 9007199254740993,\n  "x": 1.0\n}');
});

test("what was cut is shown as far as it goes", () => {
  expect(indented('{"a":[1,"tw')).toBe('{\n  "a": [\n    1,\n    "tw');
});
