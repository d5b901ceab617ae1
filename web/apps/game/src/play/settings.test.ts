import { openShelf, type Shelf } from "@supergame/guest";
import { describe, expect, it } from "vitest";
import { DEFAULT_BINDINGS, rebind } from "../input/actions";
import { DEFAULTS, keepSettings, readSettings } from "./settings";

const shelf = (): Shelf =>
  openShelf(() => {
    throw new Error("SecurityError");
  });

describe("settings", () => {
  it("come back as they were kept", () => {
    const mine = { ...DEFAULTS, music: 0.25, motion: "calm", name: "Ada", bindings: rebind(DEFAULT_BINDINGS, "jump", "KeyK") } as const;
    const kept = shelf();
    keepSettings(kept, mine);
    expect(readSettings(kept)).toEqual(mine);
  });

  it.each(["", "nonsense", "null", "[]", '{"music": 7, "motion": "wild", "bindings": {"left": []}, "name": 3}'])("fall back field by field: %s", (text) => {
    const kept = shelf();
    kept.setItem("kitewind.settings", text);
    expect(readSettings(kept)).toEqual(DEFAULTS);
  });
});
