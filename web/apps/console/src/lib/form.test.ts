import { expect, test } from "vitest";
import { initial, instant, jsonFault, localTime, number } from "./form";

test("a form begins with its values, a choice with its first", () => {
  const options = [{ value: "a", label: "A" }];
  expect(initial([{ name: "x", label: "" }, { name: "y", label: "", kind: "check" }, { name: "z", label: "", kind: "select", options }])).toEqual({ x: "", y: false, z: "a" });
});

test("a time survives the way through the field, to the minute", () => {
  expect(instant(localTime("2026-11-23T12:34:00.000Z"))).toBe("2026-11-23T12:34:00.000Z");
  expect(localTime("")).toBe("");
  expect(instant("")).toBe("");
});

test("only text that is no JSON has a fault", () => {
  expect([jsonFault(""), jsonFault("{}"), jsonFault("[1]")]).toEqual(["", "", ""]);
  expect(jsonFault("{a}")).not.toBe("");
});

test("an empty number is zero", () => {
  expect([number({ n: "" }, "n"), number({ n: "12" }, "n"), number({}, "n")]).toEqual([0, 12, 0]);
});
