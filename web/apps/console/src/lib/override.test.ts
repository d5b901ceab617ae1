import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => "en", setItem: () => undefined });
const { blank, conditions, overrideFields, overrideOf, typed, written } = await import("./override");
const { initial } = await import("./form");

const VALUE = {
  key: "jump", kind: "number", about: "", default: "5.5", min: 0, max: 9, choices: [], bytes_max: 0, for_clients: true, value: "6",
  version: 3, overrides: [], problems: [], operator: "", reason: "", changed_at: null,
};
const FULL = {
  value: "7.5", environments: ["beta"], percent: 12.5, starts_at: "2026-11-23T10:00:00.000Z", ends_at: "2026-11-24T10:00:00.000Z",
  segment: { countries: ["DE", "FR"], langs: ["de"], vars: { cohort: "a" }, new_within_days: 7 },
};

test("an override survives the way through its form", () => {
  expect(overrideOf("number", initial(overrideFields(VALUE, FULL)), FULL)).toEqual(FULL);
});

test("an untouched form says what counts now, for everybody and always", () => {
  expect(overrideOf("number", initial(overrideFields(VALUE, blank(VALUE))), blank(VALUE))).toEqual({ value: "6", environments: [], segment: null, percent: null, starts_at: null, ends_at: null });
});

test("texts are typed without quotes and kept as JSON", () => {
  expect(written("text", 'say "hi"')).toBe('"say \\"hi\\""');
  expect(typed("text", written("text", 'say "hi"'))).toBe('say "hi"');
  expect(written("number", " 4 ")).toBe("4");
  expect(typed("text", "{no json")).toBe("{no json");
});

test("each condition is told", () => {
  expect(conditions(FULL, (iso) => iso.slice(0, 10))).toEqual([
    "12.5 % of the players", "in beta", "from DE, FR", "speaking de", "new within 7 days", "cohort = a", "from 2026-11-23", "until 2026-11-24",
  ]);
  expect(conditions(blank(VALUE), String)).toEqual([]);
});
