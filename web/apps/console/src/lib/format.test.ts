import { expect, test } from "vitest";
import { ago, bytes, count, money, span } from "./format";

test("counts follow the reader's language", () => {
  expect(count(12345.67, "en")).toBe("12,345.7");
  expect(count(12345.67, "de")).toBe("12.345,7");
});

test("bytes go up in steps of 1,024", () => {
  expect([0, 1023, 1024, 1536, 5 * 1024 ** 3, 2 ** 50].map((value) => bytes(value, "en"))).toEqual(["0 B", "1,023 B", "1 KiB", "1.5 KiB", "5 GiB", "1,048,576 GiB"]);
});

test("money knows how many minor digits its currency has", () => {
  expect(money(1234, "EUR", "en")).toBe("€12.34");
  expect(money(1234, "JPY", "en")).toBe("¥1,234");
  expect(money(-5, "EUR", "en")).toBe("-€0.05");
  expect(money(250, "coins", "en")).toBe("250 coins");
});

test("a time is told by its largest whole unit", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  const before = (seconds: number): string => ago(new Date(now.getTime() - seconds * 1000), now, "en");
  expect([1, 59, 60, 3599, 3600, 86_400 * 3].map(before)).toEqual(["1 second ago", "59 seconds ago", "1 minute ago", "59 minutes ago", "1 hour ago", "3 days ago"]);
  expect(before(-3)).toBe("now");
  expect(before(-7200)).toBe("in 2 hours");
});

test("a span has at most two units and never none", () => {
  expect([0, 75, 7260, 86_400, 90_061].map((seconds) => span(seconds, "en"))).toEqual(["0s", "1m 15s", "2h 1m", "1d", "1d 1h"]);
});
