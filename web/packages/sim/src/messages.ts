// What crosses the network in the plaza: op codes and byte layouts, rules PLAZA1... of docs/spec/plaza.md.
// The twin is src/kitewind/messages.py. Numbers are little-endian; texts are UTF-8 behind their length.

import { type Body, DRAWN, type Drawn, FIELDS, type Tuning } from "./motor.ts";
import { Reader } from "./reader.ts";

export const Op = {
  welcome: 1, snapshot: 2, entered: 3, left: 4, emoted: 5, coinTaken: 6, coinBack: 7, coinThrown: 8, correction: 9, line: 10, kite: 11,
  coinGone: 12, purse: 13, board: 14, race: 15, feathers: 16, dressed: 17, wardrobe: 18, tuned: 19,
  inputs: 32, emote: 33, wear: 34, run: 35,
} as const;

/** Ticks of one message of inputs. */
export const MAX_BATCH_TICKS = 60;

export const EMOTES = ["wave", "heart", "laugh", "kite"] as const;
export type Emote = (typeof EMOTES)[number];

const RACES = ["started", "ended", "finished"] as const;

/** What the stall sells, and for how many coins; the last is for those who have found all feathers. Twin: src/kitewind/wares.py. */
export const WARES = [
  { name: "bow", price: 10 },
  { name: "party", price: 20 },
  { name: "flowers", price: 35 },
  { name: "tophat", price: 60 },
  { name: "crown", price: 100 },
  { name: "plume", price: 0 },
] as const;
export type Ware = (typeof WARES)[number]["name"];

/** Somebody's best time of the day. */
export interface Best {
  name: string;
  timeMs: number;
}

/** Somebody in the plaza. `number` names them in all messages; it is never 0 and is free again when they have left. */
export interface Person {
  number: number;
  kind: "player" | "bot";
  userId: string; // empty for bots; the sender of chat messages
  name: string;
  look: string; // "pip-0", "moss-1", "bolt-2"; with what they wear, "pip-0+bow"
  x: number;
  y: number;
  drawn: Drawn;
  facing: number;
  away: boolean; // nothing was heard of them for 2 s
}

export interface Coin {
  id: number;
  x: number; // centre, 1/256 px
  y: number;
  there: boolean; // false: taken, comes back
}

export interface Welcome {
  tick: number;
  number: number; // yours
  epoch: number; // of your inputs; a correction begins the next
  body: Body; // yours, at your tick 0
  tuning: Tuning; // from then on
  rows: string[];
  people: Person[]; // you among them
  coins: Coin[];
}

export interface Moved {
  number: number;
  x: number;
  y: number;
  drawn: Drawn;
  facing: number;
  away: boolean;
}

export interface Snapshot {
  tick: number; // of the server, 20 a second
  moved: Moved[]; // those who changed since the last one
}

export type ServerMessage =
  | ({ type: "welcome" } & Welcome)
  | ({ type: "snapshot" } & Snapshot)
  | { type: "entered"; person: Person }
  | { type: "left"; number: number }
  | { type: "emoted"; number: number; emote: Emote }
  | { type: "coinTaken"; id: number; number: number; total: number } // total: coins that this person has now
  | { type: "coinBack"; id: number }
  | { type: "coinThrown"; id: number; x: number; y: number } // out of the fountain; x, y is where it will lie, to be taken from now on
  | { type: "coinGone"; id: number }
  | { type: "purse"; number: number; total: number } // as in coinTaken, without a coin: what was kept, or was given for the kite pole
  | { type: "board"; times: Best[] } // the best of today, the fastest first
  | { type: "race"; number: number; what: (typeof RACES)[number]; timeMs: number; place: number } // place: on today's board, 0 for none
  | { type: "feathers"; number: number; found: number } // a bit for each feather of the stage
  | { type: "dressed"; number: number; look: string }
  | { type: "wardrobe"; wares: number } // a bit for each ware that is yours
  | { type: "tuned"; first: number; tuning: Tuning } // from your tick `first` on, in place of all that was told for it or later ones
  | { type: "correction"; epoch: number; tick: number; body: Body }
  | { type: "line"; number: number; text: string } // a bot says something
  | { type: "kite"; number: number }; // somebody reached the kite pole

/** Throws RangeError for bytes that are no such message; an op code of later versions gives null. */
export function decode(op: number, data: Uint8Array): ServerMessage | null {
  const read = READERS[op];
  if (read === undefined) return null;
  const reader = new Reader(data);
  const message = read(reader);
  reader.end();
  return message;
}

const READERS: Readonly<Record<number, (reader: Reader) => ServerMessage>> = {
  [Op.welcome]: (r) => ({
    type: "welcome", tick: r.u32(), number: r.u8(), epoch: r.u8(), body: readBody(r), tuning: readTuning(r),
    rows: r.list(r.u16(), () => r.text()),
    people: r.list(r.u8(), () => readPerson(r)),
    coins: r.list(r.u16(), () => ({ id: r.u16(), x: r.i32(), y: r.i32(), there: r.u8() === 1 })),
  }),
  [Op.snapshot]: (r) => ({ type: "snapshot", tick: r.u32(), moved: r.list(r.u8(), () => readMoved(r)) }),
  [Op.entered]: (r) => ({ type: "entered", person: readPerson(r) }),
  [Op.left]: (r) => ({ type: "left", number: r.u8() }),
  [Op.emoted]: (r) => ({ type: "emoted", number: r.u8(), emote: named(EMOTES, r.u8()) }),
  [Op.coinTaken]: (r) => ({ type: "coinTaken", id: r.u16(), number: r.u8(), total: r.u16() }),
  [Op.coinBack]: (r) => ({ type: "coinBack", id: r.u16() }),
  [Op.coinThrown]: (r) => ({ type: "coinThrown", id: r.u16(), x: r.i32(), y: r.i32() }),
  [Op.coinGone]: (r) => ({ type: "coinGone", id: r.u16() }),
  [Op.purse]: (r) => ({ type: "purse", number: r.u8(), total: r.u16() }),
  [Op.board]: (r) => ({ type: "board", times: r.list(r.u8(), () => ({ timeMs: r.u32(), name: r.text() })) }),
  [Op.race]: (r) => ({ type: "race", number: r.u8(), what: named(RACES, r.u8()), timeMs: r.u32(), place: r.u8() }),
  [Op.feathers]: (r) => ({ type: "feathers", number: r.u8(), found: r.u8() }),
  [Op.dressed]: (r) => ({ type: "dressed", number: r.u8(), look: r.text() }),
  [Op.wardrobe]: (r) => ({ type: "wardrobe", wares: r.u8() }),
  [Op.tuned]: (r) => ({ type: "tuned", first: r.u32(), tuning: readTuning(r) }),
  [Op.correction]: (r) => ({ type: "correction", epoch: r.u8(), tick: r.u32(), body: readBody(r) }),
  [Op.line]: (r) => ({ type: "line", number: r.u8(), text: r.text() }),
  [Op.kite]: (r) => ({ type: "kite", number: r.u8() }),
};

const KINDS = ["player", "bot"] as const;

function readBody(reader: Reader): Body {
  return Object.fromEntries(FIELDS.map((field) => [field, reader.i32()])) as unknown as Body;
}

function readTuning(reader: Reader): Tuning {
  return { jumpSpeed: reader.u16(), glideSpeed: reader.u16(), runSpeed: reader.u16() };
}

function readPerson(reader: Reader): Person {
  const number = reader.u8();
  const kind = named(KINDS, reader.u8());
  const state = readState(reader.u8());
  const place = { x: reader.i32(), y: reader.i32() };
  return { number, kind, ...state, ...place, userId: reader.text(), name: reader.text(), look: reader.text() };
}

function readMoved(reader: Reader): Moved {
  return { number: reader.u8(), ...readState(reader.u8()), x: reader.i32(), y: reader.i32() };
}

function readState(state: number): { drawn: Drawn; facing: number; away: boolean } {
  return { drawn: named(DRAWN, state & 7), facing: state & 8 ? 1 : -1, away: (state & 16) !== 0 };
}

function named<T>(names: readonly T[], index: number): T {
  const name = names[index];
  if (name === undefined) throw new RangeError(`there is nothing of the number ${index}`);
  return name;
}

/** The keys of the ticks from `first` on, at most MAX_BATCH_TICKS, as runs. */
export function encodeInputs(epoch: number, first: number, keys: readonly number[]): Uint8Array {
  const runs: [number, number][] = [];
  for (const key of keys) {
    const last = runs.at(-1);
    if (last?.[0] === key) last[1] += 1;
    else runs.push([key, 1]);
  }
  const data = new Uint8Array(6 + 2 * runs.length);
  data[0] = epoch;
  new DataView(data.buffer).setUint32(1, first, true);
  data[5] = runs.length;
  data.set(runs.flat(), 6);
  return data;
}

/** Ask for a ware: it is bought if it is not yours yet, and put on, or taken off when you wear it. */
export function encodeWear(ware: Ware): Uint8Array {
  return Uint8Array.of(WARES.findIndex(({ name }) => name === ware));
}

/** Ask for a race, at the gate; or give it up. */
export const encodeRun = (begins: boolean): Uint8Array => Uint8Array.of(begins ? 1 : 0);

export function encodeEmote(emote: Emote): Uint8Array {
  return Uint8Array.of(EMOTES.indexOf(emote));
}
