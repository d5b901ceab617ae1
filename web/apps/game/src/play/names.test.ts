import { describe, expect, it } from "vitest";
import { graphemes, NAME_GRAPHEMES_MAX, suggestName, tidyName } from "./names";

describe("names", () => {
  it("are two words that fit, whatever chance says", () => {
    for (const chance of [0, 0.5, 0.999999]) {
      const name = suggestName(() => chance);
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
      expect(tidyName(name)).toBe(name);
    }
  });

  it("lose control characters and spare spaces, and stop at the bound between graphemes", () => {
    expect(tidyName("  Ada\u0000 \t Lovelace\u202e ")).toBe("Ada Lovelace");
    const families = "👨‍👩‍👧".repeat(NAME_GRAPHEMES_MAX + 4);
    expect(graphemes(tidyName("é".repeat(40)))).toHaveLength(NAME_GRAPHEMES_MAX);
    expect(tidyName(families).length).toBeGreaterThan(0);
    expect(tidyName(" \n ")).toBe("");
  });
});
