/** Where boxes of text go so that each can be read: within an area, none over another. In CSS pixels, y down. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP_PX = 1;

/** A box with its lower edge's middle there. */
export const standing = (x: number, bottom: number, { width, height }: Size): Box => ({ left: x - width / 2, right: x + width / 2, top: bottom - height, bottom });

/** The box moved by the least way into the area; one that is larger keeps the area's left and upper edge. */
export function within(box: Box, area: Box): Box {
  const x = inside(box.left, box.right, area.left, area.right);
  const y = inside(box.top, box.bottom, area.top, area.bottom);
  return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
}

/** The box lifted as far as it takes to cover none of the others; it may leave the area by that. */
export function lifted(box: Box, others: readonly Box[]): Box {
  let free = box;
  for (let other = covered(free, others); other; other = covered(free, others)) free = moved(free, other.top - GAP_PX - free.bottom);
  return free;
}

/** Within the area and over no other: above them, or else below them; where there is no room at all, over them. */
export function placed(wanted: Box, area: Box, others: readonly Box[]): Box {
  const start = within(wanted, area);
  const above = lifted(start, others);
  if (above.top >= area.top) return above;
  let below = moved(start, area.top - start.top);
  for (let other = covered(below, others); other; other = covered(below, others)) below = moved(below, other.bottom + GAP_PX - below.top);
  return within(below, area);
}

const covered = (box: Box, others: readonly Box[]): Box | undefined =>
  others.find((other) => other.left < box.right && other.right > box.left && other.top < box.bottom && other.bottom > box.top);

const moved = (box: Box, y: number): Box => ({ ...box, top: box.top + y, bottom: box.bottom + y });

function inside(from: number, to: number, least: number, most: number): number {
  if (from < least || to - from > most - least) return least - from;
  return Math.min(0, most - to);
}
