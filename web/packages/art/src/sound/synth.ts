/** Waves into samples. Everything here is a pure function of its arguments, so that sound can be tested without a loudspeaker. */

import { random } from "../random.ts";

export type Wave = "sine" | "triangle" | "pulse" | "noise";

/** One tone of a sound. Times are seconds, pitches hertz; a noise's pitch is how bright it is. */
export interface Voice {
  readonly wave: Wave;
  readonly from: number;
  /** Where the pitch slides to; without it, it stays. */
  readonly to?: number;
  readonly start?: number;
  readonly length: number;
  /** How long it takes to swell; the rest of the length is for dying away. */
  readonly attack?: number;
  /** Peak amplitude, 0 to 1. */
  readonly gain: number;
  /** Vibrato: its depth as a part of the pitch. */
  readonly wobble?: number;
}

const WOBBLE_HZ = 7;
const ATTACK_S = 0.004;

/** How many samples the voices need until the last has died away. */
export function lengthOf(voices: readonly Voice[], rate: number): number {
  return Math.ceil(Math.max(...voices.map(({ start = 0, length }) => start + length)) * rate) + 1;
}

/** The voices mixed into samples between -1 and 1. */
export function render(voices: readonly Voice[], rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(lengthOf(voices, rate));
  for (const voice of voices) add(samples, voice, rate);
  return samples;
}

/** Add one voice. What would lie behind the end begins again at the front, so that a loop carries its own echoes. */
export function add(samples: Float32Array, voice: Voice, rate: number, at = 0): void {
  const { start = 0, length, gain } = voice;
  const first = Math.round((at + start) * rate);
  const count = Math.round(length * rate);
  const sample = waveOf(voice, rate);
  for (let index = 0; index < count; index++) {
    const along = index / count;
    samples[(first + index) % samples.length]! += sample(along) * gain * envelope(along * length, length, voice.attack ?? ATTACK_S);
  }
}

/** Swells in a straight line, dies away in a curve, and ends at nothing. */
function envelope(time: number, length: number, attack: number): number {
  if (time < attack) return time / attack;
  const left = 1 - (time - attack) / (length - attack);
  return left * left;
}

/** The wave itself, asked sample by sample; it keeps its phase, so slides have no steps. */
function waveOf(voice: Voice, rate: number): (along: number) => number {
  const pitch = pitchOf(voice);
  if (voice.wave === "noise") return noise(pitch, rate);
  const shape = SHAPES[voice.wave];
  let phase = 0;
  return (along) => {
    phase += pitch(along) / rate;
    phase -= Math.floor(phase);
    return shape(phase);
  };
}

function pitchOf({ from, to = from, wobble = 0, length }: Voice): (along: number) => number {
  if (to === from && !wobble) return () => from; // most of the music, and several times faster
  return (along) => from * (to / from) ** along * (1 + wobble * Math.sin(2 * Math.PI * WOBBLE_HZ * along * length));
}

const SHAPES: Readonly<Record<Exclude<Wave, "noise">, (phase: number) => number>> = {
  sine: (phase) => Math.sin(2 * Math.PI * phase),
  triangle: (phase) => 1 - 4 * Math.abs(phase - 0.5),
  pulse: (phase) => Math.tanh(4 * Math.sin(2 * Math.PI * phase)) * 0.8, // a square with round shoulders does not hurt
};

/** White noise behind a simple low-pass. */
function noise(pitch: (along: number) => number, rate: number): (along: number) => number {
  const next = random(0x5eed);
  let held = 0;
  return (along) => {
    const pass = Math.min(1, (2 * Math.PI * pitch(along)) / rate);
    held += pass * (next() * 2 - 1 - held);
    return held;
  };
}
