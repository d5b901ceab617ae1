// What crosses the network in the plaza: op codes and byte layouts, rules PLAZA1... of docs/spec/plaza.md.
// The twin is src/kitewind/messages.py. Numbers are little-endian; texts are UTF-8 behind their length.

import type { Body, Drawn } from "./motor.ts";

export const Op = {
  welcome: 1, snapshot: 2, entered: 3, left: 4, emoted: 5, coinTaken: 6, coinBack: 7, coinThrown: 8, correction: 9, line: 10, kite: 11,
  inputs: 32, emote: 33,
} as const;

export const EMOTES = ["wave", "heart", "laugh", "kite"] as const;
export type Emote = (typeof EMOTES)[number];

/** Somebody in the plaza. `number` names them in all messages; it is never 0 and is free again when they have left. */
export interface Person {
  number: number;
  kind: "player" | "bot";
  userId: string; // empty for bots; the sender of chat messages
  name: string;
  look: string; // "pip-0", "moss-1", "bolt-2"
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
  | { type: "coinThrown"; id: number; x: number; y: number } // out of the fountain, to be taken as soon as it lies there; gone when taken
  | { type: "coinGone"; id: number }
  | { type: "correction"; epoch: number; tick: number; body: Body }
  | { type: "line"; number: number; text: string } // a bot says something
  | { type: "kite"; number: number }; // somebody reached the kite pole
