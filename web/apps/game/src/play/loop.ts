/** A fixed step under an uneven clock: the world moves in whole ticks, whatever the screen does. */

export const CATCH_UP_MS_MAX = 250; // a tab that slept longer goes on from now instead of replaying its sleep

export class FixedLoop {
  readonly #step: () => void;
  readonly #tickMs: number;
  #lastMs: number | undefined;
  #owedMs = 0;

  constructor(step: () => void, rateHz: number) {
    this.#step = step;
    this.#tickMs = 1000 / rateHz;
  }

  /** Take the ticks that are due at `nowMs` (any steady clock); answers how many there were. */
  advance(nowMs: number): number {
    const passedMs = nowMs - (this.#lastMs ?? nowMs);
    this.#lastMs = nowMs;
    this.#owedMs += Math.min(Math.max(passedMs, 0), CATCH_UP_MS_MAX);
    let steps = 0;
    for (; this.#owedMs >= this.#tickMs; steps += 1) {
      this.#owedMs -= this.#tickMs;
      this.#step();
    }
    return steps;
  }

  /** How far time has gone from the last tick to the next, 0 to 1: what a view draws between the two. */
  get fraction(): number {
    return this.#owedMs / this.#tickMs;
  }
}
