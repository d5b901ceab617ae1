import { expect, test } from "vitest";
import { Api, asked, Refused } from "./api";
import type { Document } from "./lib/schema";

const document: Document = { info: { title: "x", version: "1" }, paths: {}, components: { schemas: {} } };

test("the path takes its parts, the query the rest that says something", () => {
  expect(asked("GET", "/titles/{title_id}/players", { title_id: "kite/wind", query: "pip & moss", cursor: "", banned: false })).toEqual([
    "/titles/kite%2Fwind/players?query=pip+%26+moss",
    undefined,
  ]);
});

test("a body holds what the path does not name", () => {
  expect(asked("PUT", "/titles/{title_id}/config/{key}", { title_id: "a", key: "jump", value: "9" })).toEqual(["/titles/a/config/jump", '{"value":"9"}']);
});

test("acts carry the header against forged requests and the reason, spelled so that a header can hold it", async () => {
  const seen: [string, RequestInit][] = [];
  const api = new Api(document, async (address, init) => {
    seen.push([String(address), init ?? {}]);
    return new Response("{}");
  });
  await api.send("POST", "/x", "{}", "grüße");
  await api.send("GET", "/x", undefined);
  expect(seen[0]?.[1].headers).toMatchObject({ "X-CSRF": "1", "X-Reason": "gr%C3%BC%C3%9Fe", "Content-Type": "application/json" });
  expect(seen[1]?.[1].headers).toEqual({ Accept: "application/json" });
});

test("a refusal has its stable code, and the end of a session is told", async () => {
  const body = JSON.stringify({ code: 16, message: "Sign in." });
  const api = new Api(document, async () => new Response(body, { status: 401, headers: { "X-Supergame-Error": "console.not_signed_in" } }));
  let ended = 0;
  api.onSignedOut = () => (ended += 1);
  const refused = await api.send("GET", "/x", undefined).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 401, code: "console.not_signed_in", told: "Sign in.", isSignedOut: true });
  expect(ended).toBe(1);
});

test("a server that says nothing is a refusal too", () => {
  expect(Refused.of(new TypeError("failed to fetch"))).toMatchObject({ status: 0, code: "console.unreachable" });
});
