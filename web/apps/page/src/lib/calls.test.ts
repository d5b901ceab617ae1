import { describe, expect, it } from "vitest";
import { type Call, shown, timed } from "./calls";

describe("timed", () => {
  it("keeps the result and the time of a call, refused or not", async () => {
    const kept: Omit<Call, "number">[] = [];
    let clock = 0;
    const now = () => (clock += 5);
    expect(await timed("getAccount", async () => 7, (call) => kept.push(call), now)).toEqual({ ok: true, value: 7 });
    const lost = await timed("rpc", () => Promise.reject("gone"), (call) => kept.push(call), now);
    expect(lost).toMatchObject({ ok: false, failure: { message: "gone" } });
    expect(kept.map(({ name, millis }) => [name, millis])).toEqual([["getAccount", 5], ["rpc", 5]]);
  });
});

describe("shown", () => {
  it("never shows a whole token", () => {
    const text = shown({ token: "abcdefghijklmnopqrstuvwxyz", nested: { refresh_token: "abcdefghijklmnopqrstuvwxyz" } });
    expect(text).not.toContain("mnop");
    expect(text.match(/abcdefghijkl\.\.\./g)).toHaveLength(2);
  });
});
