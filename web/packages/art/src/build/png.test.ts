import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { ink } from "../pixels.ts";
import { png } from "./png.ts";

test("a picture comes back from its PNG", () => {
  const data = Uint8Array.from([0, ink("gold"), ink("ink"), 0, 0, ink("foam")]);
  const file = png({ w: 3, h: 2, data });
  expect(file.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect([file.readUInt32BE(16), file.readUInt32BE(20), file[25]]).toEqual([3, 2, 3]);
  const start = file.indexOf("IDAT") + 4;
  const rows = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  expect([...rows]).toEqual([0, ...data.subarray(0, 3), 0, ...data.subarray(3)]);
});

test("the first colour alone is transparent", () => {
  const file = png({ w: 1, h: 1, data: Uint8Array.of(0) });
  const at = file.indexOf("tRNS");
  expect([file.readUInt32BE(at - 4), file[at + 4]]).toEqual([1, 0]);
});
