import { describe, expect, it } from "vitest";
import { followReports, isDev, readReport, type Report, spokenReload } from "./report";

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

/** Follows a server that gives these answers, one a request, and then has no reports any more. */
async function followed(...answers: (Response | Error)[]): Promise<{ asked: string[]; told: [Report, boolean][]; waits: number[] }> {
  const asked: string[] = [];
  const told: [Report, boolean][] = [];
  const waits: number[] = [];
  const get = async (address: RequestInfo | URL): Promise<Response> => {
    asked.push(String(address).split("?")[1] ?? "");
    const answer = answers.shift() ?? json({}, 404);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const wait = async (millis: number): Promise<void> => void waits.push(millis);
  await followReports((report, isNews) => told.push([report, isNews]), new AbortController().signal, get, wait);
  return { asked, told, waits };
}

describe("readReport", () => {
  it("reads a failure", () => {
    const failure = { what: "Arena.loop failed", file: "arena.py", line: 3, code: "1 / 0", trace: "..." };
    expect(readReport({ number: 4, files: ["arena.py"], took_ms: 11.7, held_ms: 1, failure })).toEqual({ number: 4, files: ["arena.py"], tookMs: 11.7, failure });
  });

  it.each([{}, null, 7, "text", { number: "x", files: [1], took_ms: null, failure: 3 }])("copes with %j", (reply) => {
    expect(readReport(reply)).toEqual({ number: 0, files: [], tookMs: 0, failure: undefined });
  });
});

describe("spokenReload", () => {
  it("names the files and the time", () => {
    expect(spokenReload({ number: 1, files: ["arena.py", "rocks.py"], tookMs: 11.7, failure: undefined })).toBe("reloaded: arena.py, rocks.py (12 ms)");
  });
});

describe("followReports", () => {
  it("tells how things stand first, and only then what is new", async () => {
    const { asked, told } = await followed(json({ number: 3 }), json({ number: 4 }));
    expect(asked).toEqual(["after=-1", "after=3", "after=4"]);
    expect(told.map(([report, isNews]) => [report.number, isNews])).toEqual([[3, false], [4, true]]);
  });

  it("asks again after an answer without news, but not at once", async () => {
    const { told, waits } = await followed(json({ number: 0 }), json({ number: 0 }), json({ number: 0 }));
    expect(told).toHaveLength(1);
    expect(waits).toEqual([250, 250]);
  });

  it("begins anew when the server was gone", async () => {
    const { asked, told, waits } = await followed(json({ number: 5 }), new TypeError("Failed to fetch"), json({ number: 0 }));
    expect(asked).toEqual(["after=-1", "after=5", "after=-1", "after=0"]);
    expect(told.map(([report, isNews]) => [report.number, isNews])).toEqual([[5, false], [0, false]]);
    expect(waits).toEqual([1000]);
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    stop.abort();
    await followReports(() => expect.unreachable(), stop.signal, () => expect.unreachable());
  });
});

describe("what the server says about itself", () => {
  it.each([
    [json({ dev: true }), true],
    [json({}), false],
    [json({ dev: true }, 500), false],
    [new Response("<html>"), false],
  ])("%# tells whether it is `supergame dev`", async (reply, expected) => expect(await isDev(async () => reply)).toBe(expected));

  it("is no when it does not answer", async () => expect(await isDev(() => Promise.reject(new Error("gone")))).toBe(false));
});
