import { Refused } from "../api";

export interface Toast {
  id: number;
  kind: "good" | "bad";
  text: string;
  /** What takes it back, if anything does. */
  undo: (() => void) | undefined;
}

const SHOWN_MS = 6000;
const SHOWN_MAX = 4; // the oldest goes

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  good(text: string, undo?: () => void): void {
    this.#show("good", text, undo);
  }

  /** A refusal stays until it is put away: it may have come while nobody looked. */
  bad(error: unknown): void {
    const refused = Refused.of(error);
    if (!refused.isSignedOut) this.#show("bad", refused.told);
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Take back the newest that can be. */
  undo(): void {
    const last = this.list.findLast((toast) => toast.undo);
    if (!last) return;
    this.drop(last.id);
    last.undo?.();
  }

  #show(kind: Toast["kind"], text: string, undo?: () => void): void {
    const id = this.#next++;
    this.list = [...this.list, { id, kind, text, undo }].slice(-SHOWN_MAX);
    if (kind === "good") setTimeout(() => this.drop(id), SHOWN_MS);
  }
}

export const toasts = new Toasts();
