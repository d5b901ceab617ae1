import { expect, test } from "vitest";
import { months, share, stepsFrom } from "./licences";

const steps = (state: string, approved = false, needs_approval = false): string[] => stepsFrom({ state, approved, needs_approval });

test("each state has its steps, the last two have none", () => {
  expect(steps("draft")).toEqual(["offer", "revoke"]);
  expect(steps("offered")).toEqual(["withdraw", "accept", "revoke"]);
  expect(steps("accepted")).toEqual(["activate", "revoke"]);
  expect(steps("active")).toEqual(["suspend", "revoke"]);
  expect(steps("suspended")).toEqual(["restore", "revoke"]);
  expect([steps("revoked"), steps("expired"), steps("unheard of")]).toEqual([[], [], []]);
});

test("what needs an approval is approved once, and not active before", () => {
  expect(steps("accepted", false, true)).toEqual(["approve", "revoke"]);
  expect(steps("accepted", true, true)).toEqual(["activate", "revoke"]);
});

test("months go back over the turn of the year", () => {
  expect(months(new Date("2026-02-03T00:00:00Z"), 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
});

test("basis points are hundredths of a percent", () => {
  expect([share(250, "en"), share(10_000, "en"), share(1, "en")]).toEqual(["2.5%", "100%", "0.01%"]);
});
