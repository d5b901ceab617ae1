import { describe, expect, it } from "vitest";
import { highlight } from "./highlight";

describe("highlight", () => {
  it("loses no character", () => {
    const code = `const a = "x\\"y"; // note 7350\nawait go('127.0.0.1', 7350);\n`;
    expect(highlight(code, "slash", ["127.0.0.1", "7350"]).map((token) => token.text).join("")).toBe(code);
  });

  it("marks this server's values, also inside strings", () => {
    const tokens = highlight(`open("http://127.0.0.1:7350/x")`, "slash", ["127.0.0.1", "7350"]);
    expect(tokens.filter((token) => token.kind === "here").map((token) => token.text)).toEqual(["127.0.0.1", "7350"]);
  });

  it("takes a key with the letters of a pattern literally", () => {
    expect(highlight(`k = "a.b"; z = "axb"`, "slash", ["a.b"]).filter((token) => token.kind === "here")).toHaveLength(1);
  });

  it("tells comments of the three families apart", () => {
    expect(highlight("x -- y", "dash").at(-1)).toEqual({ kind: "comment", text: "-- y" });
    expect(highlight("x # y", "hash").at(-1)).toEqual({ kind: "comment", text: "# y" });
    expect(highlight("a--", "slash").every((token) => token.kind === "plain")).toBe(true);
  });
});
