// From which tick on each of the motor's speeds counts for a body: rules FEEL17 to FEEL19 of docs/spec/feel.md.
// The twin is `Tunings` in src/kitewind/tuning.py.

import { BUILT, type Tuning } from "./motor.ts";

/** Of one body. With a change a second this is more than a client can lag behind. */
export const CHANGES_KEPT = 16;

interface Change {
  readonly first: number;
  readonly tuning: Readonly<Tuning>;
}

/** What counts for one body, by the numbers of its ticks. */
export class Tunings {
  private changes: Change[];

  constructor(first: Readonly<Tuning> = BUILT) {
    this.changes = [{ first: 0, tuning: first }];
  }

  /** From a tick on, in place of all that was told for it or later ones. */
  add(first: number, tuning: Readonly<Tuning>): void {
    this.changes = [...this.changes.filter((change) => change.first < first), { first, tuning }].slice(-CHANGES_KEPT);
  }

  /** What counts in a tick. Of ticks before all that is known, the first that is. */
  at(tick: number): Readonly<Tuning> {
    return (this.changes.findLast(({ first }) => first <= tick) ?? this.changes[0]!).tuning;
  }
}
