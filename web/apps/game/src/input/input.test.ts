import { describe, expect, it, vi } from "vitest";
import { actionOf, type Command, DEFAULT_BINDINGS, keyName, rebind } from "./actions";
import { DEAD_ZONE, Gamepads, type Pad } from "./gamepad";
import { Held } from "./held";
import { Keyboard } from "./keyboard";

const moves = (held: Held): string => [...held.take()].sort().join(" ");

class Host extends EventTarget {
  fire(type: string, code = "", more: object = {}): { prevented: boolean } {
    const event = new Event(type, { cancelable: true });
    const fields = { code, repeat: false, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more };
    for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value });
    this.dispatchEvent(event);
    return { prevented: event.defaultPrevented };
  }
}

const field = (selectorPart: string, blur = () => {}) => ({ target: { matches: (selector: string) => selector.startsWith(selectorPart), blur } });

function keyboard(): { held: Held; host: Host; commands: Command[]; board: Keyboard; stop: () => void } {
  const held = new Held();
  const host = new Host();
  const commands: Command[] = [];
  const board = new Keyboard(held, DEFAULT_BINDINGS, (command) => commands.push(command));
  return { held, host, commands, board, stop: board.listen(host) };
}

describe("held moves", () => {
  it("counts a tap that begins and ends between two ticks once", () => {
    const held = new Held();
    held.press("jump", "Space");
    held.release("jump", "Space");
    expect([moves(held), moves(held)]).toEqual(["jump", ""]);
  });

  it("keeps a move while one of its two keys is down", () => {
    const held = new Held();
    held.press("left", "KeyA");
    held.press("left", "ArrowLeft");
    held.release("left", "KeyA");
    held.take();
    expect(moves(held)).toBe("left");
  });
});

describe("the keyboard", () => {
  it("goes by places, holds until the key is up, and calls commands once", () => {
    const { held, host, commands } = keyboard();
    expect(host.fire("keydown", "KeyD").prevented).toBe(true);
    host.fire("keydown", "Enter");
    host.fire("keydown", "Enter", { repeat: true });
    held.take();
    expect(moves(held)).toBe("right");
    host.fire("keyup", "KeyD");
    expect([moves(held), commands]).toEqual(["", ["chat"]]);
  });

  it("leaves fields, focused buttons and the browser's own shortcuts alone", () => {
    const { held, host, commands } = keyboard();
    for (const [code, more] of [["KeyA", field("input:not")], ["Space", field("button")], ["KeyD", { ctrlKey: true }], ["KeyM", { metaKey: true }]] as const)
      expect(host.fire("keydown", code, more).prevented).toBe(false);
    expect([moves(held), commands]).toEqual(["", []]);
    host.fire("keydown", "ArrowLeft", field("button"));
    expect(moves(held)).toBe("left");
  });

  it("takes the focus from a button when somebody runs, so that the space bar jumps again", () => {
    const { host } = keyboard();
    let blurred = 0;
    const button = field("button", () => (blurred += 1));
    host.fire("keydown", "Space", button);
    expect(blurred).toBe(0);
    host.fire("keydown", "ArrowLeft", button);
    expect(blurred).toBe(1);
  });

  it("lets go of everything when the window loses its focus, and of nothing new once it has stopped", () => {
    const { held, host, stop } = keyboard();
    host.fire("keydown", "KeyA");
    host.fire("blur");
    expect(moves(held)).toBe("");
    stop();
    host.fire("keydown", "KeyA");
    expect(moves(held)).toBe("");
  });

  it("is quiet while a menu is open", () => {
    const { held, host, board } = keyboard();
    board.enabled = false;
    host.fire("keydown", "KeyA");
    expect(moves(held)).toBe("");
  });
});

describe("bindings", () => {
  it("give each key one action", () => {
    const codes = Object.values(DEFAULT_BINDINGS).flat();
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("take a key from whoever had it, but never the last one", () => {
    const moved = rebind(DEFAULT_BINDINGS, "jump", "KeyA");
    expect([actionOf(moved, "KeyA"), moved.left, moved.jump]).toEqual(["jump", ["ArrowLeft"], ["KeyA"]]);
    const swapped = rebind(DEFAULT_BINDINGS, "wave", "Escape");
    expect([swapped.wave, swapped.menu]).toEqual([["Escape"], ["Digit1"]]); // nothing is left without a key
    expect(rebind(DEFAULT_BINDINGS, "menu", "Escape")).toBe(DEFAULT_BINDINGS);
  });

  it("have names for people", () => {
    expect(["KeyA", "ArrowLeft", "Digit1", "Space", "NumpadEnter"].map(keyName)).toEqual(["A", "←", "1", "Space", "Num Enter"]);
  });
});

describe("gamepads", () => {
  const pad = (x: number, ...down: number[]): Pad => ({
    index: 0,
    axes: [x, 0],
    buttons: Array.from({ length: 17 }, (_, number) => ({ pressed: down.includes(number) })),
  });

  it("hold while the stick is out of its dead zone", () => {
    const held = new Held();
    const pads = new Gamepads(held, vi.fn());
    pads.poll([pad(DEAD_ZONE)]);
    expect(moves(held)).toBe("");
    pads.poll([pad(0.9, 0)]);
    held.take();
    pads.poll([pad(0.9, 0), null]);
    expect(moves(held)).toBe("jump right");
    pads.poll([pad(0)]);
    expect(moves(held)).toBe("");
  });

  it("call a command once for each press", () => {
    const command = vi.fn();
    const pads = new Gamepads(new Held(), command);
    for (const buttons of [[9], [9], [], [9]]) pads.poll([pad(0, ...buttons)]);
    expect(command.mock.calls).toEqual([["menu"], ["menu"]]);
  });

  it("let go when the pad is unplugged", () => {
    const held = new Held();
    const pads = new Gamepads(held, vi.fn());
    pads.poll([pad(-1)]);
    pads.poll([null]);
    held.take();
    expect(moves(held)).toBe("");
  });
});
