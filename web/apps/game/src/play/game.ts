/** One visit: keys become ticks, ticks become messages, and a lost connection is taken up again. It draws nothing and knows no server. */

import { type Emote, Key, TICK_HZ, TILE_UNITS, type Ware } from "@kitewind/sim";
import type { Feedback } from "@supergame/guest";
import type { Bindings, Command, Move } from "../input/actions";
import { Gamepads, type Pad } from "../input/gamepad";
import { Held } from "../input/held";
import { Keyboard } from "../input/keyboard";
import type { Link, LinkListener, PlazaMessage } from "../link/link";
import { FixedLoop } from "./loop";
import { Plaza, type PlazaEvent } from "./plaza";

/** Waits before joining again, the last one for good. */
export const REJOIN_AFTER_MS = [500, 1000, 2000, 4000] as const;

/** A key or a button works an emote this often at most, so that a held pad does not flood the plaza. */
export const EMOTE_EVERY_TICKS = 30;

const TOLD_ONCE: ReadonlySet<PlazaMessage["type"]> = new Set(["purse", "board", "wardrobe", "feathers", "dressed"] as const);
const EARLY_MAX = 64; // everybody who may be there has a purse

export interface GameListener {
  plaza(event: PlazaEvent): void;
  /** A new plaza was entered, by joining or by joining again. */
  joined(plaza: Plaza): void;
  lost(): void;
  command(command: Command): void;
}

/** What of the page the game needs; tests bring their own. */
export interface Host {
  now(): number; // milliseconds of a steady clock
  later(work: () => void, ms: number): void;
  pads(): readonly (Pad | null)[];
}

export const pageHost: Host = {
  now: () => performance.now(),
  later: (work, ms) => void setTimeout(work, ms),
  pads: () => navigator.getGamepads?.() ?? [], // missing outside secure contexts in some browsers
};

export class Game {
  readonly held = new Held();
  readonly keyboard: Keyboard;
  plaza: Plaza | undefined;
  readonly #pads: Gamepads;
  readonly #loop = new FixedLoop(() => this.#tick(), TICK_HZ);
  readonly #link: Link;
  readonly #host: Host;
  readonly #listener: GameListener;
  #visitor = { name: "", look: "" };
  #left = false;
  #early: PlazaMessage[] = []; // what is told once of oneself and the day, perhaps before the plaza stands
  #emotedAt = -EMOTE_EVERY_TICKS;

  constructor(connect: (listener: LinkListener) => Link, listener: GameListener, bindings: Bindings, host: Host = pageHost) {
    [this.#listener, this.#host] = [listener, host];
    const command = (called: Command): void => this.#command(called);
    this.keyboard = new Keyboard(this.held, bindings, command);
    this.#pads = new Gamepads(this.held, command);
    this.#link = connect({
      message: (message) => this.#receive(message),
      said: (userId, text) => this.plaza?.said(userId, text),
      lost: () => this.#lost(),
    });
  }

  /** Enter a plaza. Rejects with the link's error. */
  async join(name: string, look: string): Promise<void> {
    this.#visitor = { name, look };
    const welcome = await this.#link.join(name, look);
    if (this.#left) return this.#link.leave();
    this.plaza = new Plaza(welcome, (event) => this.#listener.plaza(event));
    this.#listener.joined(this.plaza);
    for (const message of this.#early.splice(0)) this.plaza.receive(message, this.#host.now());
  }

  #receive(message: PlazaMessage): void {
    if (this.plaza) this.plaza.receive(message, this.#host.now());
    else if (TOLD_ONCE.has(message.type)) this.#early = [...this.#early, message].slice(-EARLY_MAX);
  }

  #lost(): void {
    this.plaza = undefined;
    this.held.releaseAll();
    this.#listener.lost();
    this.#rejoin(0);
  }

  #rejoin(attempt: number): void {
    const waitMs = REJOIN_AFTER_MS[Math.min(attempt, REJOIN_AFTER_MS.length - 1)]!;
    this.#host.later(() => {
      if (!this.#left) this.join(this.#visitor.name, this.#visitor.look).catch(() => this.#rejoin(attempt + 1));
    }, waitMs);
  }

  /** Once a frame. Answers how far the time has gone from the last tick to the next, 0 to 1. */
  frame(nowMs: number): number {
    this.#loop.advance(nowMs);
    return this.#loop.fraction;
  }

  #tick(): void {
    this.#pads.poll(this.#host.pads());
    const batch = this.plaza?.step(bitsOf(this.held.take()));
    if (batch) this.#link.sendInputs(batch);
  }

  say(text: string): Promise<void> {
    return this.#link.say(text);
  }

  /** False when the last one was so short ago that this one is dropped. */
  emote(emote: Emote): boolean {
    const ticks = this.plaza?.ticks ?? 0;
    if (ticks - this.#emotedAt < EMOTE_EVERY_TICKS) return false;
    this.#emotedAt = ticks;
    this.#link.emote(emote);
    return true;
  }

  wear(ware: Ware): void {
    this.#link.wear(ware);
  }

  run(begins: boolean): void {
    this.#link.run(begins);
  }

  /** Tell the makers something, with the place where it was seen. Rejects with a `LinkError` when they were not told. */
  tell(feedback: Omit<Feedback, "position">): Promise<void> {
    const body = this.plaza?.body;
    const position = body ? `plaza ${Math.floor(body.x / TILE_UNITS)},${Math.floor((body.y - 1) / TILE_UNITS)}` : "";
    return this.#link.tell({ ...feedback, position });
  }

  #command(command: Command): void {
    this.#listener.command(command);
  }

  leave(): void {
    this.#left = true;
    this.plaza = undefined;
    this.#link.leave();
  }
}

function bitsOf(moves: ReadonlySet<Move>): number {
  let bits = 0;
  for (const move of moves) bits |= Key[move];
  return bits;
}
