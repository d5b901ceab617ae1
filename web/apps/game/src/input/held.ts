/** Which moves are held now, by any device. A tap that begins and ends between two ticks still counts for one. */

import type { Move } from "./actions";

export class Held {
  readonly #down = new Map<Move, Set<string>>();
  readonly #tapped = new Set<Move>();

  /** `source` names the finger, key or button, so that letting go of one of two keys for the same move keeps it held. */
  press(move: Move, source: string): void {
    const sources = this.#down.get(move) ?? new Set();
    this.#down.set(move, sources.add(source));
    this.#tapped.add(move);
  }

  release(move: Move, source: string): void {
    this.#down.get(move)?.delete(source);
  }

  /** The window lost its focus: whatever was held there is held no more. */
  releaseAll(): void {
    this.#down.clear();
    this.#tapped.clear();
  }

  /** The moves of this tick. Call it once a tick: it forgets the taps. */
  take(): ReadonlySet<Move> {
    const moves = new Set(this.#tapped);
    for (const [move, sources] of this.#down) if (sources.size > 0) moves.add(move);
    this.#tapped.clear();
    return moves;
  }
}
