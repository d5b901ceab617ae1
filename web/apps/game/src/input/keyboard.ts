/** The keyboard: moves go to `Held`, commands are called. Typing into a field is left alone. */

import { type Action, actionOf, type Bindings, type Command, isMove } from "./actions";
import type { Held } from "./held";

interface KeyEvent {
  code: string;
  repeat: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: EventTarget | null;
  preventDefault(): void;
}

export type KeyboardHost = Pick<EventTarget, "addEventListener" | "removeEventListener">;

const ON_A_BUTTON = new Set(["Enter", "NumpadEnter", "Space"]); // keys that work the control that has the focus

export class Keyboard {
  bindings: Bindings;
  /** Off while a menu is open: its own controls take the arrows. */
  enabled = true;
  readonly #held: Held;
  readonly #command: (command: Command) => void;

  constructor(held: Held, bindings: Bindings, command: (command: Command) => void) {
    this.#held = held;
    this.bindings = bindings;
    this.#command = command;
  }

  /** Listen until the function that comes back is called. */
  listen(host: KeyboardHost): () => void {
    const listeners: Record<string, (event: Event) => void> = {
      keydown: (event) => this.#onDown(event as unknown as KeyEvent),
      keyup: (event) => this.#onUp(event as unknown as KeyEvent),
      blur: () => this.#held.releaseAll(),
    };
    for (const [type, listener] of Object.entries(listeners)) host.addEventListener(type, listener);
    return () => Object.entries(listeners).forEach(([type, listener]) => host.removeEventListener(type, listener));
  }

  #onDown(event: KeyEvent): void {
    const action = this.#actionOf(event);
    if (action === undefined) return;
    event.preventDefault(); // the space bar would scroll
    if (event.repeat) return;
    if (isMove(action) && isControl(event.target)) (event.target as HTMLElement).blur(); // who runs plays again: Space is to jump, not to press
    if (isMove(action)) this.#held.press(action, event.code);
    else this.#command(action);
  }

  #onUp(event: KeyEvent): void {
    const action = actionOf(this.bindings, event.code);
    if (action !== undefined && isMove(action)) this.#held.release(action, event.code);
  }

  #actionOf(event: KeyEvent): Action | undefined {
    if (!this.enabled || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return undefined;
    if (ON_A_BUTTON.has(event.code) && isControl(event.target)) return undefined;
    return actionOf(this.bindings, event.code);
  }
}

const matches = (target: EventTarget | null, selector: string): boolean =>
  typeof (target as Element | null)?.matches === "function" && (target as Element).matches(selector);

const isField = (target: EventTarget | null): boolean => matches(target, "input:not([type=range], [type=checkbox], [type=radio]), textarea, select");
const isControl = (target: EventTarget | null): boolean => matches(target, "button, a[href], input, summary");
