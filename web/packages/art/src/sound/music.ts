/** Music that is composed from a seed: four channels over sixteen bars, which run in a circle without a seam. */

import { random } from "../random.ts";
import { add, type Voice } from "./synth.ts";

const TEMPO = 78; // beats a minute
const BEAT_S = 60 / TEMPO;
const BEATS = 4; // a bar
export const BARS = 16;
export const LOOP_S = BARS * BEATS * BEAT_S;

/** Sixteen bars of chords, as semitones above the root of the key: verse twice, a walk away, home. */
const VERSE = [[0, 7, 11, 16], [-3, 4, 7, 12], [5, 9, 12, 16], [7, 12, 14, 17]];
const BRIDGE = [[2, 5, 9, 12], [4, 7, 11, 14], [5, 9, 12, 19], [7, 11, 14, 17]];
const CHORDS = [...VERSE, ...VERSE, ...BRIDGE, ...VERSE];

/** What the melody walks on: the major pentatonic, over two octaves. */
const STEPS = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21];

/** Hertz of a number of semitones above the key's root. */
const pitch = (root: number, semitones: number): number => root * 2 ** (semitones / 12);

/** The loop, note by note: each `next()` adds one to the samples, a few milliseconds' work, so that no frame waits for the whole. */
export function* compose(seed: number, rate: number): Generator<Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>, void> {
  const next = random(seed);
  const root = 146.83 * 2 ** (Math.floor(next() * 4) / 12); // D to F
  const samples = new Float32Array(Math.round(LOOP_S * rate));
  const motifs = [motif(next), motif(next), motif(next)] as const;
  const form = [0, 1, 0, 2, 0, 1, 0, 2, 2, 1, 2, 1, 0, 1, 0, 0] as const;
  for (let bar = 0; bar < BARS; bar++) {
    const chord = CHORDS[bar]!;
    const voices = [...pad(root, chord), ...bass(root, chord[0]!), ...sparkle(root, chord, next), ...melody(root, motifs[form[bar]!]!, bar, next)];
    for (const voice of voices) {
      add(samples, voice, rate, bar * BEATS * BEAT_S);
      yield samples;
    }
  }
  echo(samples, Math.round(BEAT_S * 0.75 * rate), 0.28);
  return samples;
}

/** A bar of melody: where its notes begin, in beats, how long they are, and which step they take. */
type Motif = readonly { readonly beat: number; readonly beats: number; readonly step: number }[];

function motif(next: () => number): Motif {
  const rhythm = [[0, 1, 1.5, 3], [0, 0.5, 1, 2.5], [0.5, 1.5, 2, 3], [0, 1.5, 3]][Math.floor(next() * 4)]!;
  let step = 3 + Math.floor(next() * 3);
  return rhythm.map((beat, index) => {
    step = Math.min(STEPS.length - 1, Math.max(1, step + [-2, -1, -1, 1, 1, 2][Math.floor(next() * 6)]!));
    return { beat, beats: (rhythm[index + 1] ?? BEATS) - beat, step };
  });
}

/** A plucked tone for each note; every fourth bar the melody breathes. */
function melody(root: number, notes: Motif, bar: number, next: () => number): Voice[] {
  if (bar % 8 === 7) return [];
  return notes.flatMap(({ beat, beats, step }) => {
    if (next() < 0.12) return [];
    const hz = pitch(root, STEPS[step]! + 12);
    const length = Math.min(2.2, beats * BEAT_S * 1.6);
    const start = beat * BEAT_S;
    return [
      { wave: "triangle", from: hz, start, length, attack: 0.012, gain: 0.13 },
      { wave: "sine", from: hz * 2, start, length: length * 0.4, attack: 0.006, gain: 0.035 },
    ] satisfies Voice[];
  });
}

/** The chord as a soft carpet, one voice after the other. */
function pad(root: number, chord: readonly number[]): Voice[] {
  return chord.flatMap((semitones, index) => {
    const hz = pitch(root, semitones);
    const start = index * 0.06;
    const length = BEATS * BEAT_S * 1.25;
    return [-0.0025, 0.0025].map((off): Voice => ({ wave: "sine", from: hz * (1 + off), start, length, attack: 0.7, gain: 0.042 }));
  });
}

function bass(root: number, semitones: number): Voice[] {
  const hz = pitch(root, semitones) / 2;
  return [[0, 1.6], [2.5, 1.2]].map(([beat, beats]) => ({ wave: "triangle", from: hz, start: beat! * BEAT_S, length: beats! * BEAT_S, attack: 0.02, gain: 0.15 }));
}

/** High bells now and then, and the brush of a cymbal. */
function sparkle(root: number, chord: readonly number[], next: () => number): Voice[] {
  const bells = [1.5, 3.5].filter(() => next() < 0.4).map((beat): Voice => {
    const semitones = chord[Math.floor(next() * chord.length)]! + 24;
    return { wave: "sine", from: pitch(root, semitones), start: beat * BEAT_S, length: 1.1, attack: 0.004, gain: 0.04 };
  });
  const brushes = [1, 3].map((beat): Voice => ({ wave: "noise", from: 5200, to: 3000, start: beat * BEAT_S, length: 0.11, attack: 0.02, gain: 0.035 }));
  return [...bells, ...brushes];
}

/** Hear everything once more, later and softer; the end is heard at the beginning. */
function echo(samples: Float32Array, delay: number, gain: number): void {
  const dry = samples.slice();
  for (let index = 0; index < dry.length; index++) {
    samples[index]! += gain * dry[(index - delay + dry.length) % dry.length]! + gain * gain * dry[(index - 2 * delay + 2 * dry.length) % dry.length]!;
  }
}
