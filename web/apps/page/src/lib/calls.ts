/** Every request that the page makes is kept with its answer and its time, so that the reader sees what a client would see. */

import { explain, type Failure } from "@supergame/guest";

export interface Call {
  number: number;
  /** The client's method, as one writes it. */
  name: string;
  millis: number;
  failure: Failure | undefined;
  result: unknown;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

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
