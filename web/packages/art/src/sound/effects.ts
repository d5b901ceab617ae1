/** Every effect as a handful of voices. Soft beginnings, short tails, nothing shrill: they are heard a thousand times. */

import type { Voice } from "./synth.ts";

/** Semitones above the A of 220 Hz. */
const note = (semitones: number): number => 220 * 2 ** (semitones / 12);

function bell(semitones: number, start: number, gain: number, length = 0.42): Voice[] {
  return [
    { wave: "sine", from: note(semitones), start, length, gain },
    { wave: "sine", from: note(semitones) * 2.76, start, length: length * 0.35, gain: gain * 0.28 },
  ];
}

export const recipes = {
  jump: [
    { wave: "triangle", from: 260, to: 560, length: 0.17, attack: 0.01, gain: 0.4 },
    { wave: "noise", from: 900, to: 2400, length: 0.13, attack: 0.03, gain: 0.18 },
  ],
  land: [
    { wave: "sine", from: 150, to: 62, length: 0.13, gain: 0.5 },
    { wave: "noise", from: 1400, to: 300, length: 0.1, gain: 0.4 },
  ],
  step: [{ wave: "noise", from: 1900, to: 500, length: 0.045, attack: 0.002, gain: 0.3 }],
  coin: [...bell(31, 0, 0.26, 0.18), ...bell(35, 0.06, 0.28, 0.2), ...bell(38, 0.12, 0.3, 0.5)],
  bounce: [
    { wave: "triangle", from: 150, to: 660, length: 0.3, attack: 0.006, gain: 0.42, wobble: 0.05 },
    { wave: "sine", from: 300, to: 1320, length: 0.24, gain: 0.14, wobble: 0.05 },
    { wave: "sine", from: 96, to: 60, length: 0.12, gain: 0.4 },
  ],
  glide: [
    { wave: "noise", from: 500, to: 3200, length: 0.16, attack: 0.09, gain: 0.5 },
    { wave: "noise", from: 2600, to: 700, start: 0.1, length: 0.3, attack: 0.02, gain: 0.4 },
    { wave: "triangle", from: 330, to: 440, start: 0.04, length: 0.2, attack: 0.05, gain: 0.12 },
  ],
  fall: [{ wave: "triangle", from: 520, to: 130, length: 0.5, attack: 0.02, gain: 0.32, wobble: 0.03 }],
  emote: [
    { wave: "sine", from: 420, to: 700, length: 0.09, gain: 0.36 },
    { wave: "sine", from: 560, to: 940, start: 0.09, length: 0.14, gain: 0.36 },
  ],
  chat: [
    { wave: "triangle", from: 620, to: 700, length: 0.06, gain: 0.28 },
    { wave: "triangle", from: 780, to: 820, start: 0.055, length: 0.08, gain: 0.24 },
  ],
  ui: [{ wave: "triangle", from: 480, to: 620, length: 0.055, gain: 0.3 }],
  join: [...bell(19, 0, 0.24), ...bell(24, 0.1, 0.24), ...bell(26, 0.2, 0.24, 0.6)],
  leave: [...bell(24, 0, 0.18), ...bell(19, 0.12, 0.18)],
  fountain: [
    { wave: "sine", from: 300, to: 900, length: 0.12, gain: 0.24 },
    { wave: "sine", from: 380, to: 1100, start: 0.07, length: 0.12, gain: 0.2 },
    { wave: "noise", from: 2200, to: 900, length: 0.35, attack: 0.05, gain: 0.2 },
  ],
} as const satisfies Record<string, readonly Voice[]>;

export type Effect = keyof typeof recipes;
export const effects = Object.keys(recipes) as Effect[];
