import { describe, expect, it } from "vitest";
import { deviceId, forgetDevice, keepName, knownName, newDeviceId, openShelf, suggestName } from "./device";

const refused = () => {
  throw new Error("SecurityError");
};

describe("device", () => {
  it("makes ids that the server takes: 10 to 128 characters without spaces", () => {
    expect(newDeviceId()).toMatch(/^web-[0-9a-f]{32}$/);
    expect(newDeviceId()).not.toBe(newDeviceId());
  });

  it("keeps one id and one name until it is told to forget", () => {
    const shelf = openShelf(refused);
    const id = deviceId(shelf);
    keepName(shelf, "misty-kite-42");
    expect([deviceId(shelf), knownName(shelf)]).toEqual([id, "misty-kite-42"]);
    forgetDevice(shelf);
    expect(deviceId(shelf)).not.toBe(id);
    expect(knownName(shelf)).toBe("");
  });

  it("suggests two words and a number, whatever chance says", () => {
    expect(suggestName(() => new Uint8Array([255, 255, 255]))).toMatch(/^[a-z]+-[a-z]+-\d{2}$/);
    expect(suggestName(() => new Uint8Array([0, 0, 0]))).toBe("amber-falcon-10");
  });
});
