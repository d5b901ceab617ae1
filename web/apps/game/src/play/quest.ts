/** What there is to do next, one thing at a time: coins, a hat, the race, the feathers, the best time of the day. */

import { type Best, type Place, type Stage, TILE, WARES } from "@kitewind/sim";
import { clock } from "./duration";

export const FEATHERS = 5;
const FIRST_COINS = Math.min(...WARES.map(({ price }) => price).filter(Boolean));

export interface Progress {
  readonly coins: number;
  /** Bits: what is bought, what is found. */
  readonly wares: number;
  readonly feathers: number;
  readonly hasRaced: boolean;
  /** Since when one races, in milliseconds; undefined when not. */
  readonly racingMs: number | undefined;
  /** Of today, the fastest first. */
  readonly board: readonly Best[];
  readonly name: string;
}

export interface Quest {
  /** A frame of the atlas. */
  readonly icon: string;
  readonly text: string;
  /** How far it is. */
  readonly count: string;
  /** Where to go, in pixels; several when any will do. */
  readonly towards: readonly { x: number; y: number }[];
}

export function questOf(progress: Progress, stage: Stage): Quest {
  const { coins, wares, feathers, hasRaced, racingMs } = progress;
  const things = (kind: "stall" | "gate" | "kite"): Quest["towards"] => stage.all(kind).map(middle);
  if (racingMs !== undefined) return { icon: "emote.kite", text: "Up to the great kite!", count: clock(racingMs), towards: things("kite") };
  if (wares === 0 && coins < FIRST_COINS) return { icon: "coin.0", text: `Collect ${FIRST_COINS} coins for a hat`, count: `${coins}/${FIRST_COINS}`, towards: [] };
  if (wares === 0) return { icon: "hat.bow", text: "Buy a hat at the stall", count: "", towards: things("stall") };
  if (!hasRaced) return { icon: "emote.kite", text: "Race to the great kite: stand at the flag", count: "", towards: things("gate") };
  const found = bits(feathers);
  if (found < FEATHERS) return { icon: "feather.0", text: "Find the hidden feathers: 10 coins each", count: `${found}/${FEATHERS}`, towards: hidden(feathers, stage) };
  return { icon: "emote.kite", text: rival(progress), count: "", towards: things("gate") };
}

function rival({ board, name }: Progress): string {
  const best = board[0];
  if (!best) return "Race for today's best time";
  return best.name === name ? `Beat your own best: ${clock(best.timeMs)}` : `Beat ${best.name}: ${clock(best.timeMs)}`;
}

export const hidden = (found: number, stage: Stage): Quest["towards"] => stage.all("feather").filter((_, index) => (found & (1 << index)) === 0).map(middle);

export const bits = (set: number): number => set.toString(2).replaceAll("0", "").length;

const middle = ({ tx, ty }: Place): { x: number; y: number } => ({ x: (tx + 0.5) * TILE, y: (ty + 1) * TILE });

const THERE_PX = 30;

/** The way to the nearest of some places, as an eighth of a turn: degrees clockwise from the right. Undefined for none, and for who is there. */
export function wayTo(from: { x: number; y: number }, places: Quest["towards"]): number | undefined {
  const away = places.map(({ x, y }) => ({ dx: x - from.x, dy: y - from.y })).sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy))[0];
  if (!away || Math.hypot(away.dx, away.dy) < THERE_PX) return undefined;
  return Math.round(Math.atan2(away.dy, away.dx) / (Math.PI / 4)) * 45;
}
