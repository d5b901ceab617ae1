/** Names, words and emotes over the heads, as elements of the page: sharp at every size, and in every script. */

import type { Emote } from "@kitewind/sim";
import type { Character } from "../play/plaza";

const HEAD_PX = 24; // above the feet, in logical pixels
const KITE_PX = 46; // the same under an open kite
const NEAR_PX = 64; // the nearest bot shows its name to those who come so close: twenty names would cover the view
const TAG_PX = 24; // CSS pixels from the feet of a bubble to the head: the name stands between
const SAID_MS = { least: 3200, each: 60, most: 9000 } as const;
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
  bubble: HTMLElement;
  /** The bubble's size, measured when it is first seen. */
  size: { width: number; height: number } | undefined;
  untilMs: number;
  isShown: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export class Labels {
  readonly #parent: HTMLElement;
  readonly #labels = new Map<number, Label>();
  readonly #emoteIcon: (emote: Emote) => HTMLElement;

  constructor(parent: HTMLElement, emoteIcon: (emote: Emote) => HTMLElement) {
    [this.#parent, this.#emoteIcon] = [parent, emoteIcon];
  }

  /** Put every label over its character. */
  place(characters: readonly Character[], projection: Projection, nowMs: number): void {
    const seen = new Set<number>();
    const nearest = nearestBot(characters);
    for (const character of characters) {
      seen.add(character.number);
      const label = this.#labels.get(character.number) ?? this.#make(character);
      if (label.untilMs < nowMs && !label.bubble.hidden) label.bubble.hidden = true;
      label.root.classList.toggle("near", character.number === nearest);
      this.#put(label, character, projection);
    }
    this.#stack(characters, projection);
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

  /** Bubbles of people who stand together climb over each other; one's own stays where it is. */
  #stack(characters: readonly Character[], { x: left, y: top, scale }: Projection): void {
    const placed: Box[] = [];
    for (const { number, x, y, drawn } of [...characters].sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.number - b.number)) {
      const label = this.#labels.get(number);
      if (!label || !label.isShown || label.bubble.hidden) continue;
      const { width, height } = (label.size ??= { width: label.bubble.offsetWidth, height: label.bubble.offsetHeight });
      const middle = (x - left) * scale;
      const feet = (y - headPx(drawn) - top) * scale - TAG_PX;
      let bottom = feet;
      const overlapping = (): Box | undefined =>
        placed.find((box) => box.left < middle + width / 2 && box.right > middle - width / 2 && box.top < bottom && box.bottom > bottom - height);
      for (let box = overlapping(); box; box = overlapping()) bottom = box.top - 1;
      placed.push({ left: middle - width / 2, right: middle + width / 2, top: bottom - height, bottom });
      label.bubble.style.setProperty("--lift", `${Math.round(bottom - feet)}px`);
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
    const label: Label = { root, bubble, size: undefined, untilMs: 0, isShown: false };
    this.#labels.set(number, label);
    return label;
  }

  #put(label: Label, { x, y, away, drawn }: Character, { x: left, y: top, scale, width, height }: Projection): void {
    const [seenX, seenY] = [Math.round((x - left) * scale), Math.round((y - headPx(drawn) - top) * scale)];
    const isShown = seenX > -80 && seenX < width + 80 && seenY > -10 && seenY < height + 60;
    if (isShown !== label.isShown) label.root.hidden = !isShown;
    label.isShown = isShown;
    if (!isShown) return;
    label.root.style.transform = `translate(${seenX}px, ${seenY}px)`;
    label.root.classList.toggle("away", away);
  }

  #drop(number: number, label: Label): void {
    label.root.remove();
    this.#labels.delete(number);
  }
}

const headPx = (drawn: Character["drawn"]): number => (drawn === "glide" ? KITE_PX : HEAD_PX);

function nearestBot(characters: readonly Character[]): number | undefined {
  const me = characters.find(({ isMe }) => isMe);
  if (!me) return undefined;
  const away = ({ x, y }: Character): number => Math.hypot(me.x - x, me.y - y);
  const near = characters.filter((one) => one.isBot && away(one) < NEAR_PX);
  return near.sort((a, b) => away(a) - away(b))[0]?.number;
}

function element(kind: string, className: string): HTMLElement {
  const made = document.createElement(kind);
  made.className = className;
  return made;
}
