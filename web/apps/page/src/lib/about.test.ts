import { describe, expect, it } from "vitest";
import { readAbout, spoken } from "./about";

describe("readAbout", () => {
  it("reads a full reply", () => {
    const about = readAbout(
      { name: "supergame", version: "0.1.0", titles: [{ id: "main", name: "Kites" }], rpcs: ["hello"], engine: "sqlite", uptime_s: 12, secure_keys: true, dev: true },
      20_000,
    );
    expect(about).toMatchObject({ version: "0.1.0", engine: "sqlite", rpcs: ["hello"], startedAt: 8_000, secureKeys: true, dev: true });
    expect(about.titles).toEqual([{ id: "main", name: "Kites" }]);
  });

  it.each([{}, null, 7, "text", { titles: "x", rpcs: [1, null], uptime_s: "soon", titles_: [] }])("copes with %j", (reply) => {
    expect(readAbout(reply, 0)).toMatchObject({ name: "supergame", titles: [], rpcs: [], startedAt: undefined, secureKeys: false, dev: false });
  });

  it("names a title by its id when it has no name, and drops one with neither", () => {
    expect(readAbout({ titles: [{ id: "main" }, {}, 3] }, 0).titles).toEqual([{ id: "main", name: "main" }]);
  });

  it("accepts only web links", () => {
    expect(readAbout({ docs_url: "javascript:alert(1)", source_url: "//elsewhere" }, 0)).toMatchObject({ docs: "", source: "" });
    expect(readAbout({ docs_url: "/docs/", source_url: "https://example.org/x" }, 0)).toMatchObject({ docs: "/docs/", source: "https://example.org/x" });
  });
});

describe("spoken", () => {
  it.each([[0, "0 s"], [59.9, "59 s"], [75, "1 min"], [7260, "2 h 1 min"], [90000, "1 d 1 h"], [-4, "0 s"]])("%d s is %s", (seconds, said) => {
    expect(spoken(seconds)).toBe(said);
  });
});
