import { describe, expect, test } from "vitest";
import { buildOf, type Feedback, Journal, messageOf, PICTURE_BYTES_MAX } from "./feedback";

const feedback: Feedback = { text: " The kite is stuck. ", build: "kitewind index-1", position: "plaza 3,4", log: "" };
const bytes = (text: string | undefined): number => new TextEncoder().encode(text).length;

describe("FBK1: what is sent has the form that the server takes", () => {
  test("texts are cut to their bounds, from the front", () => {
    const sent = messageOf({ ...feedback, text: `begin ${"é".repeat(3_000)} end`, log: `${"x".repeat(9_000)} end` });
    expect(bytes(sent.text)).toBeLessThanOrEqual(4_000);
    expect(bytes(sent.log)).toBeLessThanOrEqual(8_000);
    expect([sent.text?.slice(-3), sent.log?.slice(-3)]).toEqual(["end", "end"]);
    expect(messageOf(feedback)).toEqual({ text: "The kite is stuck.", build: "kitewind index-1", position: "plaza 3,4", log: "" });
  });

  test("a picture goes along as base64, unless it is too large", () => {
    expect(messageOf({ ...feedback, picture: Uint8Array.of(0x89, 0x50, 0xff) }).screenshot).toBe("iVD/");
    expect(messageOf({ ...feedback, picture: new Uint8Array(PICTURE_BYTES_MAX + 1) })).not.toHaveProperty("screenshot");
  });

  test("the largest that is sent fits into a request, twice quoted as functions are called", () => {
    const largest = messageOf({ ...feedback, text: "\n".repeat(2) + "\u0001".repeat(5_000), log: '"'.repeat(9_000), picture: new Uint8Array(PICTURE_BYTES_MAX) });
    expect(JSON.stringify(JSON.stringify(largest)).length).toBeLessThan(262_144);
  });
});

test("a build is called by its script", () => {
  expect(buildOf("kitewind", [{ src: "" }, { src: "http://127.0.0.1:7350/play/assets/index-D3ad.js" }])).toBe("kitewind index-D3ad");
  expect(buildOf("kitewind", [])).toBe("kitewind unbuilt");
});

test("a journal keeps the last complaints of the page", () => {
  const page = new EventTarget() as unknown as Window;
  const journal = new Journal(page, () => 1_500);
  page.dispatchEvent(Object.assign(new Event("error"), { message: "no wind", filename: "http://x/play/assets/a.js", lineno: 7 }));
  page.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: new Error("no kite") }));
  expect(journal.excerpt()).toBe("1.5 s  error: no wind (a.js:7)\n1.5 s  rejected: no kite");
  for (let number = 0; number < 60; number += 1) journal.note(`line ${number} ${"x".repeat(1_000)}`);
  expect(journal.excerpt().split("\n")).toHaveLength(50);
  expect(journal.excerpt().length).toBeLessThan(50 * 430);
});
