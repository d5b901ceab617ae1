/**
 * The plaza as this client knows it: its own body, stepped here at once; the others, a little in the past; coins and people.
 *
 * No engine, no page and no network: keys and messages go in, `PlazaEvent`s come out, and a view asks where everybody is.
 */

import {
  type Best,
  type Body,
  type Coin,
  type Drawn,
  drawnState,
  type Emote,
  hashBody,
  Interpolation,
  type Person,
  Prediction,
  Stage,
  touchesCoin,
  UNIT,
  type Welcome,
} from "@kitewind/sim";
import type { PlazaMessage } from "../link/link";

/** A coin that we touched and the server did not give us is shown again after so many ticks. */
export const CLAIM_TICKS = 60;
/** A correction is drawn as a glide over so many ticks, not as a jump... */
export const SMOOTH_TICKS = 6;
/** ...unless it is farther than this. */
const SMOOTH_PX_MAX = 64;
/** About a screen. */
export const NEAR_PX = 400;

/** Somebody as they are to be drawn now; places in pixels, feet in the middle. */
export interface Character {
  readonly number: number;
  readonly name: string;
  readonly look: string;
  /** What they have on their head; empty for nothing. */
  readonly wears: string;
  readonly isBot: boolean;
  readonly isMe: boolean;
  readonly x: number;
  readonly y: number;
  readonly drawn: Drawn;
  readonly facing: number;
  readonly away: boolean;
}

export interface ShownCoin {
  readonly id: number;
  /** The centre, in pixels. */
  readonly x: number;
  readonly y: number;
}

export type PlazaEvent =
  | { type: "moved"; happened: number } // bits of `Happened`, of one's own body
  | { type: "coin"; coin: ShownCoin; number: number; mine: boolean } // taken, or touched by oneself: the server's word follows
  | { type: "counted"; number: number; total: number }
  | { type: "thrown"; coin: ShownCoin }
  | { type: "emoted"; number: number; emote: Emote }
  | { type: "said"; number: number; text: string }
  | { type: "entered"; person: Person }
  | { type: "left"; person: Person }
  | { type: "kite"; number: number }
  | { type: "board"; times: readonly Best[] }
  | { type: "race"; number: number; what: "started" | "ended" | "finished"; timeMs: number; place: number }
  | { type: "feathers"; number: number; found: number }
  | { type: "dressed"; number: number; look: string }
  | { type: "wardrobe"; wares: number };

export class Plaza {
  readonly stage: Stage;
  readonly me: number;
  readonly people = new Map<number, Person>();
  /** A bit for each feather of the stage that one has found. */
  feathers = 0;
  readonly #coins = new Map<number, Coin>();
  readonly #claimed = new Map<number, number>(); // coin -> the tick in which we touched it
  readonly #prediction: Prediction;
  readonly #others = new Interpolation();
  readonly #tell: (event: PlazaEvent) => void;
  #ticks = 0;
  #before: { x: number; y: number };
  #error = { x: 0, y: 0, ticks: 0 };

  constructor(welcome: Welcome, tell: (event: PlazaEvent) => void) {
    this.stage = Stage.parse(welcome.rows);
    this.me = welcome.number;
    this.#prediction = new Prediction(this.stage, { ...welcome.body }, welcome.epoch, welcome.tuning);
    this.#before = { x: welcome.body.x, y: welcome.body.y };
    this.#tell = tell;
    for (const coin of welcome.coins) this.#coins.set(coin.id, coin);
    for (const person of welcome.people) this.#enter(person, welcome.tick);
  }

  #enter(person: Person, tick: number): void {
    this.people.set(person.number, person);
    const { x, y, drawn, facing, away } = person;
    if (person.number !== this.me) this.#others.enter(person.number, tick, { x, y, drawn, facing, away });
  }

  get body(): Readonly<Body> {
    return this.#prediction.body;
  }

  /** Ticks of one's own body since it came in; corrections do not set it back. */
  get ticks(): number {
    return this.#ticks;
  }

  get stateHash(): number {
    return hashBody(this.#prediction.body);
  }

  /** One tick with these keys. Answers what is to be sent now, if anything. */
  step(keys: number): Uint8Array | null {
    this.#before = { x: this.body.x, y: this.body.y };
    const happened = this.#prediction.advance(keys);
    this.#ticks += 1;
    this.#error.ticks = Math.max(0, this.#error.ticks - 1);
    if (happened !== 0) this.#tell({ type: "moved", happened });
    this.#touchCoins();
    return this.#prediction.takeBatch();
  }

  /** The coin rings at once; whether it is ours, the server says a moment later. */
  #touchCoins(): void {
    for (const [id, since] of this.#claimed) if (this.#ticks - since > CLAIM_TICKS) this.#claimed.delete(id);
    for (const coin of this.#coins.values()) {
      if (!coin.there || this.#claimed.has(coin.id) || !touchesCoin(this.body, coin.x, coin.y)) continue;
      this.#claimed.set(coin.id, this.#ticks);
      this.#tell({ type: "coin", coin: shown(coin), number: this.me, mine: true });
    }
  }

  /** What the server told, at `atMs` on the clock that `characters` is asked with. */
  receive(message: PlazaMessage, atMs: number): void {
    switch (message.type) {
      case "snapshot":
        return this.#others.push({ ...message, moved: message.moved.filter(({ number }) => number !== this.me) }, atMs);
      case "tuned":
        return this.#prediction.tune(message.first, message.tuning);
      case "correction":
        return this.#correct(message);
      case "entered":
        this.#enter(message.person, 0);
        return this.#tell({ type: "entered", person: message.person });
      case "left":
        return this.#leave(message.number);
      case "coinTaken":
        return this.#taken(message.id, message.number, message.total);
      case "purse":
        return this.#tell({ type: "counted", number: message.number, total: message.total });
      case "coinBack":
        return this.#coinThere(message.id);
      case "coinThrown":
        this.#coins.set(message.id, { id: message.id, x: message.x, y: message.y, there: true });
        return this.#tell({ type: "thrown", coin: shown(message) });
      case "coinGone":
        this.#coins.delete(message.id);
        this.#claimed.delete(message.id);
        return;
      case "feathers":
        if (message.number === this.me) this.feathers = message.found;
        return this.#tell(message);
      case "dressed":
        this.#dress(message.number, message.look);
        return this.#tell(message);
      case "emoted":
      case "kite":
      case "board":
      case "race":
      case "wardrobe":
        return this.#tell(message);
      case "line":
        return this.#tell({ type: "said", number: message.number, text: message.text });
    }
  }

  /** Somebody spoke in the plaza's channel: it is a bubble if they are in this plaza. */
  said(userId: string, text: string): void {
    for (const { number, userId: theirs } of this.people.values()) if (theirs === userId) return this.#tell({ type: "said", number, text });
  }

  #dress(number: number, look: string): void {
    const person = this.people.get(number);
    if (person) this.people.set(number, { ...person, look });
  }

  #leave(number: number): void {
    const person = this.people.get(number);
    this.people.delete(number);
    this.#others.leave(number);
    if (person) this.#tell({ type: "left", person });
  }

  #taken(id: number, number: number, total: number): void {
    const coin = this.#coins.get(id);
    const rung = this.#claimed.delete(id);
    if (coin) this.#coins.set(id, { ...coin, there: false });
    if (coin && !(rung && number === this.me)) this.#tell({ type: "coin", coin: shown(coin), number, mine: number === this.me });
    this.#tell({ type: "counted", number, total });
  }

  #coinThere(id: number): void {
    const coin = this.#coins.get(id);
    if (coin) this.#coins.set(id, { ...coin, there: true });
    this.#claimed.delete(id);
  }

  #correct(correction: { epoch: number; tick: number; body: Body }): void {
    const { x, y } = this.body;
    this.#prediction.correct(correction);
    const error = { x: (x - this.body.x) / UNIT, y: (y - this.body.y) / UNIT };
    const isNear = Math.hypot(error.x, error.y) <= SMOOTH_PX_MAX;
    this.#error = { ...error, ticks: isNear ? SMOOTH_TICKS : 0 };
    this.#before = { x: this.body.x, y: this.body.y };
  }

  /** Everybody, to be drawn at `nowMs`; `fraction` of the way from one's own last tick to the next has passed. */
  characters(nowMs: number, fraction: number): Character[] {
    const seen = this.#others.at(nowMs);
    return [...this.people.values()].flatMap((person) => {
      const { number, name } = person;
      const [look = "", wears = ""] = person.look.split("+");
      const who = { number, name, look, wears, isBot: person.kind === "bot", isMe: number === this.me };
      if (who.isMe) return [{ ...who, ...this.#mine(fraction) }];
      const state = seen.get(number);
      return state ? [{ ...who, ...state, x: state.x / UNIT, y: state.y / UNIT }] : [];
    });
  }

  /** Whether somebody else is so near at `nowMs` that one sees what they do. */
  isNear(number: number, nowMs: number): boolean {
    const state = this.#others.at(nowMs).get(number);
    return state !== undefined && Math.hypot(state.x - this.body.x, state.y - this.body.y) <= NEAR_PX * UNIT;
  }

  #mine(fraction: number): Pick<Character, "x" | "y" | "drawn" | "facing" | "away"> {
    const { body } = this;
    const glide = this.#error.ticks / SMOOTH_TICKS;
    const between = (from: number, to: number): number => (Math.abs(to - from) > SMOOTH_PX_MAX * UNIT ? to : from + (to - from) * fraction) / UNIT;
    return {
      x: between(this.#before.x, body.x) + this.#error.x * glide,
      y: between(this.#before.y, body.y) + this.#error.y * glide,
      drawn: drawnState(body),
      facing: body.facing,
      away: false,
    };
  }

  /** The coins that are to be seen. */
  coins(): ShownCoin[] {
    return [...this.#coins.values()].filter(({ id, there }) => there && !this.#claimed.has(id)).map(shown);
  }
}

const shown = ({ id, x, y }: { id: number; x: number; y: number }): ShownCoin => ({ id, x: x / UNIT, y: y / UNIT });
