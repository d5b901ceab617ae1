import { expect, it } from "vitest";
import { spokenTime } from "./duration";

it.each([[0, "0:00"], [-5, "0:00"], [59_999, "0:59"], [187_000, "3:07"], [3_599_000, "59:59"], [3_729_000, "1:02:09"]])("tells %i ms as %s", (ms, told) => {
  expect(spokenTime(ms)).toBe(told);
});
