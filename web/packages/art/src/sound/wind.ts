/** The wind in a kite: noise that swells and sinks, as a loop. */

import { random } from "../random.ts";

export const WIND_S = 3;
const BRIGHT_HZ = 700;
const GAIN = 0.9;

/** Three seconds of wind. The end runs into the beginning: the filter has heard the whole loop once before it is written down. */
export function wind(rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(WIND_S * rate));
  const next = random(0xb4ee2e);
  const white = samples.map(() => next() * 2 - 1);
  let [low, lower] = [0, 0];
  for (let index = 0; index < 2 * samples.length; index++) {
    const along = (index % samples.length) / samples.length;
    const gust = 1 + 0.35 * Math.sin(2 * Math.PI * along) + 0.2 * Math.sin(6 * Math.PI * along);
    const pass = Math.min(1, (2 * Math.PI * BRIGHT_HZ * gust) / rate);
    low += pass * (white[index % samples.length]! - low);
    lower += pass * 0.08 * (low - lower);
    samples[index % samples.length] = (low - lower) * GAIN * gust * 0.5;
  }
  return samples;
}
