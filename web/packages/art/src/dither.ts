/** Ordered dithering: how few colours make a gradient that still looks drawn. */

/** Bayer's 8x8 matrix as thresholds between 0 and 1. */
const BAYER = Array.from({ length: 64 }, (_, cell) => {
  const [x, y] = [cell & 7, cell >> 3];
  let value = 0;
  for (let bit = 0; bit < 3; bit++) value |= ((((x ^ y) >> bit) & 1) << (5 - 2 * bit)) | (((y >> bit) & 1) << (4 - 2 * bit));
  return (value + 0.5) / 64;
});

/** The step of a ramp that the pixel (x, y) shows where the gradient is at `along`, which runs from 0 to `steps` - 1. */
export function dithered(along: number, steps: number, x: number, y: number): number {
  const held = Math.min(steps - 1, Math.max(0, along));
  const step = Math.floor(held);
  return Math.min(steps - 1, step + (plateau(held - step) > BAYER[(y & 7) * 8 + (x & 7)]! ? 1 : 0));
}

/** Each colour stays pure for a while, so that the pattern is a seam and not a veil. */
function plateau(part: number): number {
  return (part - 0.5) * 2.2 + 0.5;
}
