import { describe, expect, test } from "vitest";
import { effects, recipes } from "./effects.ts";
import { compose, LOOP_S } from "./music.ts";
import { add, render } from "./synth.ts";
import { wind } from "./wind.ts";

const RATE = 8_000; // high enough for all that is asked here
const peak = (samples: Float32Array): number => samples.reduce((high, sample) => Math.max(high, Math.abs(sample)), 0);
const loudness = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** The largest step from one sample to the next inside, and the step from the end to the beginning. */
function steps(samples: Float32Array): { inside: number; seam: number } {
  const inside = samples.reduce((high, sample, index) => (index ? Math.max(high, Math.abs(sample - samples[index - 1]!)) : 0), 0);
  return { inside, seam: Math.abs(samples[0]! - samples.at(-1)!) };
}

function music(seed: number, rate = RATE): Float32Array<ArrayBuffer> {
  const notes = compose(seed, rate);
  for (;;) {
    const { done, value } = notes.next();
    if (done) return value;
  }
}

describe.each(effects)("the effect %s", (effect) => {
  const rate = 32_000; // as it is played: a noise's strength depends on it
  const samples = render(recipes[effect], rate);

  test("is heard, and never clips", () => {
    expect(peak(samples)).toBeGreaterThan(0.1);
    expect(peak(samples)).toBeLessThanOrEqual(0.8);
  });

  test("begins and ends in silence, within a second", () => {
    expect(samples.length / rate).toBeGreaterThan(0.03);
    expect(samples.length / rate).toBeLessThan(1);
    expect(Math.abs(samples[0]!)).toBeLessThan(0.02);
    expect(Math.abs(samples.at(-1)!)).toBeLessThan(0.02);
  });
});

test("steps, which are heard most, are the softest", () => {
  const loud = (effect: (typeof effects)[number]): number => loudness(render(recipes[effect], RATE));
  expect(loud("step")).toBeLessThan(Math.min(loud("land"), loud("jump"), loud("bounce")));
});

describe("a voice", () => {
  test("has the pitch that it is given", () => {
    const samples = render([{ wave: "sine", from: 440, length: 1, gain: 1 }], RATE).subarray(0, RATE / 2);
    const rises = samples.reduce((count, sample, index) => count + (index && samples[index - 1]! < 0 && sample >= 0 ? 1 : 0), 0);
    expect(rises).toBeGreaterThanOrEqual(219);
    expect(rises).toBeLessThanOrEqual(221);
  });

  test("that reaches over a loop's end goes on at its beginning", () => {
    const samples = new Float32Array(100);
    add(samples, { wave: "pulse", from: 1, length: 0.05, attack: 0.001, gain: 1 }, 1000, 0.08);
    expect(peak(samples.subarray(0, 30))).toBeGreaterThan(0);
    expect(peak(samples.subarray(30, 80))).toBe(0);
  });
});

describe.each([1, 7, 2026])("the music of seed %i", (seed) => {
  const samples = music(seed);

  test("is quiet and never clips", () => {
    expect(samples.length).toBe(Math.round(LOOP_S * RATE));
    expect(peak(samples)).toBeLessThan(0.7);
    expect(loudness(samples)).toBeGreaterThan(0.02);
    expect(loudness(samples)).toBeLessThan(0.15);
  });

  test("runs in a circle without a click", () => {
    const { inside, seam } = steps(samples);
    expect(seam).toBeLessThan(inside / 2);
  });
});

test("another seed is another tune, the same seed the same", () => {
  const [one, again, other] = [1, 1, 2].map((seed) => Buffer.from(music(seed, 500).buffer));
  expect(again!.equals(one!)).toBe(true);
  expect(other!.equals(one!)).toBe(false);
});

test("the wind blows in a circle", () => {
  const samples = wind(RATE);
  expect(peak(samples)).toBeLessThanOrEqual(0.8);
  expect(loudness(samples)).toBeGreaterThan(0.02);
  expect(steps(samples).seam).toBeLessThanOrEqual(steps(samples).inside);
});
