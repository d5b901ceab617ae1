/** Every request that the page makes is kept with its answer and its time, so that the reader sees what a client would see. */

export interface Failure {
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** The API's own status code; 0 when the answer carried none. */
  code: number;
  message: string;
}

export interface Call {
  number: number;
  /** The client's method, as one writes it. */
  name: string;
  millis: number;
  failure: Failure | undefined;
  result: unknown;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** nakama-js rejects with the fetch Response, with a word when it gave up waiting, or with a socket's event. */
export async function explain(error: unknown): Promise<Failure> {
  if (typeof Response !== "undefined" && error instanceof Response) {
    const body: unknown = await error.json().catch(() => ({}));
    const { code, message } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    return {
      status: error.status,
      code: typeof code === "number" ? code : 0,
      message: typeof message === "string" && message ? message : error.statusText || "The server refused.",
    };
  }
  if (typeof error === "string") return { status: 0, code: 0, message: error };
  if (typeof error === "object" && error !== null && typeof (error as Failure).message === "string") {
    const { code, message } = error as Failure;
    const offline = error instanceof TypeError;
    return { status: 0, code: typeof code === "number" ? code : 0, message: offline ? "No answer. Is the server still running?" : message };
  }
  return { status: 0, code: 0, message: "The connection was refused." };
}

export async function timed<T>(
  name: string,
  work: () => Promise<T>,
  keep: (call: Omit<Call, "number">) => void,
  now: () => number = () => performance.now(),
): Promise<Outcome<T>> {
  const start = now();
  try {
    const value = await work();
    keep({ name, millis: now() - start, failure: undefined, result: value });
    return { ok: true, value };
  } catch (error) {
    const millis = now() - start;
    const failure = await explain(error);
    keep({ name, millis, failure, result: undefined });
    return { ok: false, failure };
  }
}

/** Tokens open an account: on a screen that others may see, their first letters are enough. */
export function shown(result: unknown): string {
  const hide = (key: string, value: unknown): unknown =>
    (key === "token" || key === "refresh_token") && typeof value === "string" && value.length > 16 ? `${value.slice(0, 12)}...` : value;
  return JSON.stringify(result, hide, 2) ?? "undefined";
}
