/** What went wrong with a request, read from the many things that nakama-js rejects with. */

export interface Failure {
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** The API's own status code; 0 when the answer carried none. */
  code: number;
  message: string;
}

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
