/** What `supergame dev` tells of the last save, at `/sg/v1/dev/report`. An answer comes when there is news, so one asks again at once. */

export interface Failure {
  /** As in "arena.py does not run" or "Arena.loop failed". */
  what: string;
  file: string;
  /** From 1; 0 when no line of the game is to blame. */
  line: number;
  /** That line's text. */
  code: string;
  /** Python's traceback. */
  trace: string;
}

export interface Report {
  number: number;
  /** Names of the files that were saved. */
  files: string[];
  tookMs: number;
  failure: Failure | undefined;
}

export type Wait = (millis: number) => Promise<void>;

const AGAIN_MS = 250;
const RETRY_MS = 1_000;

type Fields = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const amount = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const fields = (value: unknown): Fields | undefined => (typeof value === "object" && value !== null ? (value as Fields) : undefined);

export function readReport(reply: unknown): Report {
  const from = fields(reply) ?? {};
  const failure = fields(from["failure"]);
  return {
    number: amount(from["number"]),
    files: Array.isArray(from["files"]) ? from["files"].map(text).filter(Boolean) : [],
    tookMs: amount(from["took_ms"]),
    failure: failure && {
      what: text(failure["what"]),
      file: text(failure["file"]),
      line: amount(failure["line"]),
      code: text(failure["code"]),
      trace: text(failure["trace"]),
    },
  };
}

/** "reloaded: arena.py (12 ms)". */
export const spokenReload = (report: Report): string => `reloaded: ${report.files.join(", ")} (${Math.round(report.tookMs)} ms)`;

const waited: Wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/**
 * Tells how things stand, then each change, until the signal aborts or the server says that it has no such reports.
 * `isNews` is false for what was so before the page (or the server) was there.
 */
export async function followReports(
  tell: (report: Report, isNews: boolean) => void,
  signal: AbortSignal,
  get: typeof fetch = fetch,
  wait: Wait = waited,
): Promise<void> {
  let last = -1;
  while (!signal.aborted) {
    try {
      const reply = await get(`/sg/v1/dev/report?after=${last}`, { signal, headers: { Accept: "application/json" } });
      if (reply.status === 404) return;
      const report = readReport(await reply.json());
      if (report.number === last) await wait(AGAIN_MS);
      else tell(report, last >= 0);
      last = report.number;
    } catch {
      last = -1; // the server is gone: when it is back, things stand anew
      await wait(RETRY_MS);
    }
  }
}

/** Does `supergame dev` serve this page? False when the server does not say. */
export async function isDev(get: typeof fetch = fetch): Promise<boolean> {
  try {
    const reply = await get("/sg/v1/about", { headers: { Accept: "application/json" } });
    return reply.ok && fields(await reply.json())?.["dev"] === true;
  } catch {
    return false;
  }
}
