// The others: drawn a little in the past, between two snapshots, so that the network's unevenness does not show.

import type { Moved, Snapshot } from "./messages.ts";
import { UNIT } from "./stage.ts";

export const SNAPSHOT_MS = 50;
export const DELAY_MS = 100;
export const SNAP_UNITS = 64 * UNIT; // a longer way within one snapshot is a jump in place, not a run

/** Samples of one body. Old ones go as time passes; more than these means nobody asks, and then too. */
const MAX_SAMPLES = 40;

/** How far one message moves the clock back: not to be seen. */
const MOST_DRIFT_MS = 6;

interface Sample {
  readonly tick: number;
  readonly seen: Seen;
}

/** Somebody as they are to be drawn; `x`, `y` in 1/256 px. */
export type Seen = Omit<Moved, "number">;

export class Interpolation {
  private readonly samples = new Map<number, Sample[]>();
  private newest = -Infinity;
  private offsetMs: number | null = null; // of the server's tick 0 on the local clock, for the quickest message of late

  /** Somebody came in, or was there from the start. */
  enter(number: number, tick: number, seen: Seen): void {
    this.samples.set(number, [{ tick, seen }]);
  }

  leave(number: number): void {
    this.samples.delete(number);
  }

  /** A snapshot that arrived at `atMs` on the local clock. Older ones than the newest are ignored. */
  push(snapshot: Snapshot, atMs: number): void {
    if (snapshot.tick <= this.newest) return;
    this.newest = snapshot.tick;
    this.agree(atMs - snapshot.tick * SNAPSHOT_MS);
    for (const { number, ...seen } of snapshot.moved) {
      const samples = this.samples.get(number) ?? [];
      this.samples.set(number, samples);
      const last = samples.at(-1);
      if (last !== undefined && last.tick < snapshot.tick - 1) samples.push({ tick: snapshot.tick - 1, seen: last.seen }); // stood still
      samples.push({ tick: snapshot.tick, seen });
      if (samples.length > MAX_SAMPLES) samples.splice(0, samples.length - MAX_SAMPLES);
    }
  }

  /** Where everybody is to be drawn now. */
  at(nowMs: number): Map<number, Seen> {
    const tick = this.offsetMs === null ? Infinity : (nowMs - this.offsetMs - DELAY_MS) / SNAPSHOT_MS;
    const seen = new Map<number, Seen>();
    for (const [number, samples] of this.samples) {
      while (samples.length > 1 && samples[1] !== undefined && samples[1].tick <= tick) samples.shift();
      const [from, to] = samples;
      if (from !== undefined) seen.set(number, to === undefined || tick <= from.tick ? from.seen : between(from, to, tick));
    }
    return seen;
  }

  /**
   * A quicker message tells the clocks' offset better at once. Slower ones move it a little at a time: clocks drift, and a server
   * that is late leaves ticks out.
   */
  private agree(offsetMs: number): void {
    const known = this.offsetMs;
    this.offsetMs = known === null || offsetMs < known ? offsetMs : known + Math.min((offsetMs - known) * 0.1, MOST_DRIFT_MS);
  }
}

function between(from: Sample, to: Sample, tick: number): Seen {
  const share = (tick - from.tick) / (to.tick - from.tick);
  const [dx, dy] = [to.seen.x - from.seen.x, to.seen.y - from.seen.y];
  if (Math.abs(dx) > SNAP_UNITS || Math.abs(dy) > SNAP_UNITS) return share < 0.5 ? from.seen : to.seen;
  return { ...from.seen, x: Math.round(from.seen.x + dx * share), y: Math.round(from.seen.y + dy * share) };
}
