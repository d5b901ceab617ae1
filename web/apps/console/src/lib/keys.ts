/** Keys that do something wherever the focus is: `g p` goes to the players, `?` shows them all. */

const WAIT_MS = 1200;

/** Whether a key belongs to what is being written. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Puts single keys together to sequences: fed `g` and then `p` in time it answers `g p`. */
export class Sequence {
  readonly #starts: ReadonlySet<string>;
  #held = "";
  #until = 0;

  constructor(starts: Iterable<string>) {
    this.#starts = new Set(starts);
  }

  feed(key: string, atMs: number): string {
    const started = this.#held !== "" && atMs < this.#until ? this.#held : "";
    const isStart = started === "" && this.#starts.has(key);
    this.#held = isStart ? key : "";
    this.#until = atMs + WAIT_MS;
    return isStart ? "" : [started, key].filter(Boolean).join(" ");
  }
}

/** How well a text fits what was typed; -1 when it does not. Letters must come in order; a word that begins so comes first. */
export function fit(text: string, typed: string): number {
  const [where, what] = [text.toLowerCase(), typed.trim().toLowerCase()];
  if (what === "") return 0;
  if (where.startsWith(what)) return 3;
  if (where.split(/\s+/).some((word) => word.startsWith(what))) return 2;
  if (where.includes(what)) return 1;
  let at = -1;
  for (const letter of what) {
    at = where.indexOf(letter, at + 1);
    if (at < 0) return -1;
  }
  return 0;
}
