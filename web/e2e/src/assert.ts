/** Assertions that work in Node and in a page alike. */

function stable(value: unknown): string {
  const sorted = (_key: string, inner: unknown): unknown =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return JSON.stringify(value, sorted) ?? "undefined";
}

export function ok(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

export function equal(actual: unknown, expected: unknown, sentence: string): void {
  ok(stable(actual) === stable(expected), `${sentence}\nexpected ${stable(expected)}\n     got ${stable(actual)}`);
}

/** nakama-js rejects with the Response: its status and the `code` of its body are what a game can act on. */
export async function refused(work: Promise<unknown>, status: number, code: number, sentence: string): Promise<void> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  ok("error" in outcome, `${sentence}\nexpected ${status}, got an answer: ${stable("value" in outcome ? outcome.value : undefined)}`);
  const { error } = outcome;
  ok(error instanceof Response, `${sentence}\nexpected ${status}, got ${String(error)}`);
  const body = (await error.json()) as { code?: number; message?: string };
  equal({ status: error.status, code: body.code }, { status, code }, `${sentence} (${body.message})`);
  ok(typeof body.message === "string" && body.message !== "", `${sentence}: the refusal has no message`);
}

export async function within<T>(millis: number, work: Promise<T>, sentence: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${sentence} (not within ${millis} ms)`)), millis);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
