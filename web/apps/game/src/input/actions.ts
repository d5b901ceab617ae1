/** What a player can do, and which keys do it. Devices turn into actions here, so that nothing else knows a key. */

export const MOVES = ["left", "right", "jump", "down"] as const;
export type Move = (typeof MOVES)[number];

export const COMMANDS = ["chat", "menu", "people", "mute", "wave", "heart", "laugh", "kite", "race"] as const;
export type Command = (typeof COMMANDS)[number];

export type Action = Move | Command;

/** `KeyboardEvent.code`s: places on the keyboard, not letters, so that WASD lies under the same fingers on every layout. */
export type Bindings = Readonly<Record<Action, readonly string[]>>;

export const DEFAULT_BINDINGS: Bindings = {
  left: ["ArrowLeft", "KeyA"],
  right: ["ArrowRight", "KeyD"],
  jump: ["Space", "ArrowUp", "KeyW"],
  down: ["ArrowDown", "KeyS"],
  chat: ["Enter", "NumpadEnter"],
  menu: ["Escape"],
  people: ["KeyP"],
  mute: ["KeyM"],
  wave: ["Digit1"],
  heart: ["Digit2"],
  laugh: ["Digit3"],
  kite: ["Digit4"],
  race: ["KeyR"],
};

export const isMove = (action: Action): action is Move => (MOVES as readonly string[]).includes(action);

export function actionOf(bindings: Bindings, code: string): Action | undefined {
  return (Object.keys(bindings) as Action[]).find((action) => bindings[action].includes(code));
}

/** Give a key to an action and take it from whoever had it. Who would be left without any gets the keys that the action had: they swap. */
export function rebind(bindings: Bindings, action: Action, code: string): Bindings {
  const before = actionOf(bindings, code);
  if (before === action) return bindings;
  if (before === undefined) return { ...bindings, [action]: [code] };
  const left = bindings[before].filter((other) => other !== code);
  return { ...bindings, [before]: left.length > 0 ? left : bindings[action], [action]: [code] };
}

/** How a key is called on screen: `KeyA` -> `A`, `ArrowLeft` -> an arrow. */
export function keyName(code: string): string {
  const ARROWS: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  return ARROWS[code] ?? code.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
}
