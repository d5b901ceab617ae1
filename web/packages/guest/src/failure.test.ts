import { describe, expect, it } from "vitest";
import { explain } from "./failure";

const refusal = (status: number, body: string) => new Response(body, { status, statusText: "Nope" });

describe("explain", () => {
  it("reads the status body of a refused request", async () => {
    expect(await explain(refusal(409, '{"code":6,"message":"Username is taken."}'))).toEqual({ status: 409, code: 6, message: "Username is taken." });
  });

  it("copes with a body that is no JSON, or the wrong kind of it", async () => {
    expect(await explain(refusal(502, "<html>"))).toEqual({ status: 502, code: 0, message: "Nope" });
    expect(await explain(refusal(500, "null"))).toEqual({ status: 500, code: 0, message: "Nope" });
  });

  it("puts a lost connection, a timeout and a socket event into words", async () => {
    expect((await explain(new TypeError("Failed to fetch"))).message).toMatch(/still running/);
    expect((await explain("Request timed out.")).message).toBe("Request timed out.");
    expect((await explain({ type: "error" })).message).toBe("The connection was refused.");
    expect(await explain({ code: 3, message: "Bad input" })).toEqual({ status: 0, code: 3, message: "Bad input" });
  });
});
