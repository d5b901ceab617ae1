/** Names, words and emotes over the heads, as elements of the page: sharp at every size, and in every script. */

import type { Emote } from "@kitewind/sim";
import type { Character } from "../play/plaza";
import { type Box, lifted, placed, type Size, standing } from "./boxes";

const HEAD_PX = 24; // above the feet, in logical pixels
const KITE_PX = 46; // the same under an open kite
/** The nearest bots show their names to who comes so close, until one is a bit farther off: twenty names would cover the view. */
const NEAR_PX = { comes: 64, goes: 84 } as const;
const NAMED_BOTS_MAX = 3;
const TAG_PX = 24; // CSS pixels from the feet of a bubble to the head: the name stands between
const TAG_CLIMB_PX = 44; // two names above one's own; the third is left out
/** What bubbles keep free, in CSS pixels: the sides, the line of buttons at the top, and the thumbs' buttons. */
const EDGE_PX = { side: 6, top: 66, topOfThumbs: 160, thumbs: 130 } as const;
/** More bubbles at once would cover the game: the lowest in rank wait. */
const BUBBLES_MAX = { narrow: 3, wide: 6 } as const;
const NARROW_PX = 560;
const SAID_MS = { least: 3200, each: 75, most: 15_000 } as const;
const EMOTE_MS = 1900;

export interface Projection {
  /** The upper left corner of what is seen, in logical pixels. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels for one logical pixel. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

interface Label {
  readonly root: HTMLElement;
  readonly tag: HTMLElement;
  tagSize: Size | undefined;
  /** How far the name has climbed over others, in CSS pixels: 0 or less. */
  rise: number;
  bubble: HTMLElement;
  /** The bubble's size, measured when it is first seen. */
  size: Size | undefined;
  untilMs: number;
  isShown: boolean;
}

export class Labels {
  /** Thumbs have buttons at the lower edge. */
  thumbs = false;
  #named: ReadonlySet<number> = new Set();
  readonly #parent: HTMLElement;
  readonly #labels = new Map<number, Label>();
  readonly #emoteIcon: (emote: Emote) => HTMLElement;

  constructor(parent: HTMLElement, emoteIcon: (emote: Emote) => HTMLElement) {
    [this.#parent, this.#emoteIcon] = [parent, emoteIcon];
  }

  /** Put every label over its character. */
  place(characters: readonly Character[], projection: Projection, nowMs: number): void {
    const seen = new Set<number>();
    const named = (this.#named = nearBots(characters, this.#named));
    for (const character of characters) {
      seen.add(character.number);
      const label = this.#labels.get(character.number) ?? this.#make(character);
      if (label.untilMs < nowMs && !label.bubble.hidden) label.bubble.hidden = true;
      label.root.classList.toggle("near", named.has(character.number));
      this.#put(label, character, projection);
    }
    const order = byRank(characters);
    const names = this.#stackTags(order, named, projection);
    this.#stackBubbles(order, [...names, ...bodyOf(order[0], projection)], projection);
    for (const [number, label] of this.#labels) if (!seen.has(number)) this.#drop(number, label);
  }

  say(number: number, text: string, nowMs: number): void {
    this.#bubble(number, text, "said", nowMs + Math.min(SAID_MS.least + SAID_MS.each * text.length, SAID_MS.most));
  }

  emote(number: number, emote: Emote, nowMs: number): void {
    this.#bubble(number, this.#emoteIcon(emote), "emote", nowMs + EMOTE_MS);
  }

  clear(): void {
    for (const [number, label] of this.#labels) this.#drop(number, label);
  }

  #bubble(number: number, content: string | HTMLElement, kind: string, untilMs: number): void {
    const label = this.#labels.get(number);
    if (!label) return;
    const fresh = label.bubble.cloneNode() as HTMLElement; // a new element plays its pop-in again
    fresh.className = `bubble ${kind}`;
    fresh.append(content);
    fresh.hidden = false;
    label.bubble.replaceWith(fresh);
    Object.assign(label, { bubble: fresh, untilMs, size: undefined });
  }

  /** Names that would cover each other climb, and those who would climb too far are left out; one's own, which one knows, gives way at once. */
  #stackTags(order: readonly Character[], named: ReadonlySet<number>, projection: Projection): Box[] {
    const taken: Box[] = [];
    for (const character of [...order.filter(({ isMe }) => !isMe), ...order.filter(({ isMe }) => isMe)]) {
      const label = this.#labels.get(character.number);
      if (!label?.isShown || (character.isBot && !named.has(character.number))) continue;
      label.tagSize ??= sizeOf(label.tag);
      const wanted = standing(...headOf(character, projection), label.tagSize);
      const box = lifted(wanted, taken);
      label.rise = box.bottom - wanted.bottom;
      const isCrowded = label.rise < (character.isMe ? 0 : -TAG_CLIMB_PX);
      label.tag.classList.toggle("crowded", isCrowded);
      label.tag.style.setProperty("--lift", `${Math.round(label.rise)}px`);
      if (!isCrowded) taken.push(box);
    }
    return taken;
  }

  /** Bubbles of people who stand together climb over each other, over names and over oneself, and all stay where they can be read. */
  #stackBubbles(order: readonly Character[], kept: readonly Box[], projection: Projection): void {
    const area = { left: EDGE_PX.side, right: projection.width - EDGE_PX.side, top: this.thumbs ? EDGE_PX.topOfThumbs : EDGE_PX.top, bottom: projection.height - (this.thumbs ? EDGE_PX.thumbs : EDGE_PX.side) };
    const most = projection.width < NARROW_PX ? BUBBLES_MAX.narrow : BUBBLES_MAX.wide;
    const taken = [...kept];
    let shown = 0;
    for (const character of order) {
      const label = this.#labels.get(character.number);
      if (!label?.isShown || label.bubble.hidden) continue;
      label.bubble.classList.toggle("crowded", shown >= most);
      if (shown >= most) continue;
      shown += 1;
      label.size ??= sizeOf(label.bubble);
      const [x, head] = headOf(character, projection);
      const wanted = standing(x, head - TAG_PX, label.size);
      const box = placed({ ...wanted, top: wanted.top + label.rise, bottom: wanted.bottom + label.rise }, area, taken);
      taken.push(box);
      label.bubble.style.setProperty("--lift", `${Math.round(box.bottom - wanted.bottom)}px`);
      label.bubble.style.setProperty("--shift", `${Math.round(box.left - wanted.left)}px`);
    }
  }

  #make({ number, name, isMe, isBot }: Character): Label {
    const root = element("div", `label${isMe ? " me" : ""}${isBot ? " bot" : ""}`);
    const bubble = element("div", "bubble");
    bubble.hidden = true;
    const tag = element("div", "tag");
    tag.textContent = name;
    root.append(bubble, tag);
    root.hidden = true;
    this.#parent.append(root);
    const label: Label = { root, tag, tagSize: undefined, rise: 0, bubble, size: undefined, untilMs: 0, isShown: false };
    this.#labels.set(number, label);
    return label;
  }

  #put(label: Label, character: Character, projection: Projection): void {
    const [seenX, seenY] = headOf(character, projection);
    const { width, height } = projection;
    const isShown = seenX > -80 && seenX < width + 80 && seenY > -10 && seenY < height + 60;
    if (isShown !== label.isShown) label.root.hidden = !isShown;
    label.isShown = isShown;
    if (!isShown) return;
    label.root.style.transform = `translate(${seenX}px, ${seenY}px)`;
    label.root.classList.toggle("away", character.away);
  }

  #drop(number: number, label: Label): void {
    label.root.remove();
    this.#labels.delete(number);
  }
}

const headPx = (drawn: Character["drawn"]): number => (drawn === "glide" ? KITE_PX : HEAD_PX);

/** Where a label stands, in CSS pixels of the screen. */
function headOf({ x, y, drawn }: Character, { x: left, y: top, scale }: Projection): [x: number, y: number] {
  return [Math.round((x - left) * scale), Math.round((y - headPx(drawn) - top) * scale)];
}

/** What is seen of oneself, feet to head: nothing lies over it. */
function bodyOf(me: Character | undefined, projection: Projection): Box[] {
  if (!me?.isMe) return [];
  const [x, head] = headOf(me, projection);
  const { scale } = projection;
  return [{ left: x - 10 * scale, right: x + 10 * scale, top: head, bottom: head + headPx(me.drawn) * scale }];
}

const sizeOf = ({ offsetWidth, offsetHeight }: HTMLElement): Size => ({ width: offsetWidth, height: offsetHeight });

/** Oneself, then players, then bots; by number among them, so that nobody's label jumps when two pass each other. */
const byRank = (characters: readonly Character[]): Character[] =>
  [...characters].sort((a, b) => Number(b.isMe) - Number(a.isMe) || Number(a.isBot) - Number(b.isBot) || a.number - b.number);

/** Who has a name now keeps it until they are clearly gone: no name turns into another when one steps in front. */
function nearBots(characters: readonly Character[], before: ReadonlySet<number>): ReadonlySet<number> {
  const me = characters.find(({ isMe }) => isMe);
  if (!me) return before;
  const away = ({ x, y }: Character): number => Math.hypot(me.x - x, me.y - y);
  const near = characters.filter((one) => one.isBot && away(one) < (before.has(one.number) ? NEAR_PX.goes : NEAR_PX.comes));
  near.sort((a, b) => Number(before.has(b.number)) - Number(before.has(a.number)) || away(a) - away(b));
  return new Set(near.slice(0, NAMED_BOTS_MAX).map(({ number }) => number));
}

function element(kind: string, className: string): HTMLElement {
  const made = document.createElement(kind);
  made.className = className;
  return made;
}
