// Your own body: stepped here at once, while the same inputs go to the server, which steps the same motor.

import { encodeInputs, MAX_BATCH_TICKS } from "./messages.ts";
import { type Body, BUILT, step, type Tuning } from "./motor.ts";
import type { Stage } from "./stage.ts";
import { Tunings } from "./tuning.ts";

/** Ticks in one message: 20 messages a second. */
export const BATCH_TICKS = 3;

/** Inputs that were not sent (no connection); beyond it the oldest are given up, and the server's correction comes. */
export const MAX_PENDING_TICKS = 120;

export class Prediction {
  /** The number of the next tick. */
  tick = 0;
  private keys: number[] = [];
  private readonly tunings: Tunings;

  constructor(
    readonly stage: Stage,
    public body: Body,
    public epoch = 0,
    tuning: Readonly<Tuning> = BUILT,
  ) {
    this.tunings = new Tunings(tuning);
  }

  /** Play one tick with these keys. Returns bits of `Happened`. */
  advance(keys: number): number {
    this.keys.push(keys);
    if (this.keys.length > MAX_PENDING_TICKS) this.keys.shift();
    this.tick += 1;
    return step(this.body, keys, this.stage, this.tunings.at(this.tick - 1));
  }

  /** How many ticks wait to be sent. */
  get pending(): number {
    return this.keys.length;
  }

  /** The next message for `Op.inputs`, or null while there are too few ticks for one. */
  takeBatch(): Uint8Array | null {
    if (this.keys.length < BATCH_TICKS) return null;
    const first = this.tick - this.keys.length;
    return encodeInputs(this.epoch, first, this.keys.splice(0, MAX_BATCH_TICKS));
  }

  /**
   * The motor changes from a tick on. One that was played already was played otherwise than on the server: then a tick is left out of what is
   * sent, and for the gap the server sends a correction.
   */
  tune(first: number, tuning: Readonly<Tuning>): void {
    this.tunings.add(first, tuning);
    if (first >= this.tick) return;
    this.keys = [];
    this.tick += 1;
  }

  /** The server says where the body was before its tick `tick`; everything after it is forgotten, and goes on from there. */
  correct(correction: { epoch: number; tick: number; body: Body }): void {
    this.epoch = correction.epoch;
    this.tick = correction.tick;
    this.body = { ...correction.body };
    this.keys = [];
  }
}
