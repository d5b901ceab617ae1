import { BUILT, Key, newBody, type Person, Stage, step, TILE_UNITS, UNIT, type Welcome } from "@kitewind/sim";
import { describe, expect, it } from "vitest";
import { CLAIM_TICKS, NEAR_PX, Plaza, type PlazaEvent, SMOOTH_TICKS } from "./plaza";

const ROWS = ["          ", " @        ", "##########"];
const stage = Stage.parse(ROWS);

const person = (number: number, more: Partial<Person> = {}): Person => ({
  number,
  kind: "player",
  userId: `user-${number}`,
  name: `P${number}`,
  look: "pip-0",
  x: number * 1000,
  y: 2 * TILE_UNITS,
  drawn: "idle",
  facing: 1,
  away: false,
  ...more,
});

const COIN = { id: 7, x: 2.5 * TILE_UNITS, y: 1.5 * TILE_UNITS, there: true };

function plaza(more: Partial<Welcome> = {}): { plaza: Plaza; events: PlazaEvent[]; of: (type: string) => PlazaEvent[] } {
  const events: PlazaEvent[] = [];
  const welcome: Welcome = { tick: 5, number: 1, epoch: 2, body: newBody(stage), tuning: BUILT, rows: ROWS, people: [person(1), person(2)], coins: [COIN], ...more };
  return { plaza: new Plaza(welcome, (event) => events.push(event)), events, of: (type) => events.filter((event) => event.type === type) };
}

const me = (world: Plaza, fraction = 1) => world.characters(0, fraction).find(({ isMe }) => isMe)!;

describe("one's own body", () => {
  it("moves at once, exactly as the motor says", () => {
    const { plaza: world } = plaza();
    const twin = newBody(stage);
    for (let tick = 0; tick < 40; tick += 1) {
      world.step(Key.right);
      step(twin, Key.right, stage);
    }
    expect(world.body).toEqual(twin);
    expect(me(world)).toMatchObject({ x: twin.x / UNIT, y: twin.y / UNIT, drawn: "run" });
  });

  it("hands out its inputs three ticks at a time, under the welcome's epoch", () => {
    const { plaza: world } = plaza();
    const sent = [1, 2, 3, 4, 5, 6].map(() => world.step(Key.right));
    expect(sent.map((batch) => batch && [...batch])).toEqual([null, null, [2, 0, 0, 0, 0, 1, 2, 3], null, null, [2, 3, 0, 0, 0, 1, 2, 3]]);
  });

  it("follows the speeds that the server names, from the welcome on", () => {
    const slow = { ...BUILT, runSpeed: 300 };
    const { plaza: world } = plaza({ tuning: slow });
    const twin = newBody(stage);
    world.receive({ type: "tuned", first: 12, tuning: BUILT }, 0);
    for (let tick = 0; tick < 20; tick += 1) {
      world.step(Key.right);
      step(twin, Key.right, stage, tick < 12 ? slow : BUILT);
    }
    expect(world.body).toEqual(twin);
  });

  it("is drawn between two ticks", () => {
    const { plaza: world } = plaza();
    for (let tick = 0; tick < 10; tick += 1) world.step(Key.right);
    const [before, half, after] = [0, 0.5, 1].map((fraction) => me(world, fraction).x) as [number, number, number];
    expect(half - before).toBeCloseTo(after - half);
    expect(after - before).toBeGreaterThan(1);
  });

  it("goes on from a correction, and glides there on the screen", () => {
    const { plaza: world } = plaza();
    for (let tick = 0; tick < 10; tick += 1) world.step(Key.right);
    const shownAt = me(world).x;
    const body = newBody(stage);
    world.receive({ type: "correction", epoch: 3, tick: 4, body }, 0);
    expect([world.body, me(world).x]).toEqual([body, shownAt]);
    let last = shownAt;
    const sent: (Uint8Array | null)[] = [];
    for (let tick = 0; tick < SMOOTH_TICKS; tick += 1) {
      sent.push(world.step(0));
      expect(me(world).x).toBeLessThan(last);
      last = me(world).x;
    }
    expect(last).toBe(body.x / UNIT);
    expect(sent.filter((batch) => batch !== null).map((batch) => [...batch])).toEqual([[3, 4, 0, 0, 0, 1, 0, 3], [3, 7, 0, 0, 0, 1, 0, 3]]);
  });
});

describe("coins", () => {
  function touched(): ReturnType<typeof plaza> {
    const made = plaza();
    while (made.of("coin").length === 0 && made.plaza.ticks < 100) made.plaza.step(Key.right);
    return made;
  }

  it("ring and vanish at the touch, and count when the server says so", () => {
    const { plaza: world, of } = touched();
    expect([of("coin").length, world.coins()]).toEqual([1, []]);
    expect(of("counted")).toEqual([]);
    world.receive({ type: "coinTaken", id: 7, number: 1, total: 1 }, 0);
    expect([of("coin").length, of("counted")]).toEqual([1, [{ type: "counted", number: 1, total: 1 }]]);
    world.receive({ type: "coinBack", id: 7 }, 0);
    expect(world.coins()).toEqual([{ id: 7, x: COIN.x / UNIT, y: COIN.y / UNIT }]);
  });

  it("are shown again when the server did not give them", () => {
    const { plaza: world } = touched();
    for (let tick = 0; tick < 30; tick += 1) world.step(Key.right);
    expect(world.coins()).toEqual([]);
    for (let tick = 0; tick <= CLAIM_TICKS - 30; tick += 1) world.step(0);
    expect(world.coins()).toHaveLength(1);
  });

  it("taken by somebody else ring too, and those of the fountain come and go", () => {
    const { plaza: world, of } = plaza();
    world.receive({ type: "coinTaken", id: 7, number: 2, total: 4 }, 0);
    expect(of("coin")).toMatchObject([{ number: 2, mine: false }]);
    world.receive({ type: "coinThrown", id: 900, x: 256, y: 512 }, 0);
    expect([world.coins(), of("thrown")]).toEqual([[{ id: 900, x: 1, y: 2 }], [{ type: "thrown", coin: { id: 900, x: 1, y: 2 } }]]);
    world.receive({ type: "coinGone", id: 900 }, 0);
    expect(world.coins()).toEqual([]);
  });

  it("that were kept, or were given at the kite pole, count without a ring", () => {
    const { plaza: world, of } = plaza();
    world.receive({ type: "purse", number: 1, total: 25 }, 0);
    expect([of("coin"), of("counted")]).toEqual([[], [{ type: "counted", number: 1, total: 25 }]]);
  });
});

describe("the others", () => {
  it("are drawn where the snapshots say, oneself never", () => {
    const { plaza: world } = plaza();
    const moved = (number: number, x: number) => ({ number, x, y: 0, drawn: "run", facing: -1, away: false }) as const;
    world.receive({ type: "snapshot", tick: 6, moved: [moved(1, 99_999), moved(2, 5120)] }, 1000);
    const [mine, other] = world.characters(10_000, 1);
    expect(other).toMatchObject({ number: 2, x: 20, drawn: "run", facing: -1, isMe: false });
    expect(mine!.x).toBe(world.body.x / UNIT);
  });

  it("are near within a screen, wherever one stands oneself", () => {
    const { plaza: world } = plaza();
    const moved = (number: number, px: number) => ({ number, x: world.body.x + px * UNIT, y: world.body.y, drawn: "run", facing: 1, away: false }) as const;
    world.receive({ type: "entered", person: person(3) }, 0);
    world.receive({ type: "snapshot", tick: 6, moved: [moved(2, NEAR_PX), moved(3, -NEAR_PX - 1)] }, 1000);
    expect([2, 3, 9].map((number) => world.isNear(number, 10_000))).toEqual([true, false, false]);
  });

  it("come, speak and leave", () => {
    const { plaza: world, events } = plaza();
    const guest = person(9);
    world.receive({ type: "entered", person: guest }, 0);
    world.said("user-9", "hello");
    world.said("user-of-another-plaza", "psst");
    world.receive({ type: "line", number: 2, text: "Mail!" }, 0);
    world.receive({ type: "left", number: 9 }, 0);
    world.said("user-9", "too late");
    expect(events).toEqual([
      { type: "entered", person: guest },
      { type: "said", number: 9, text: "hello" },
      { type: "said", number: 2, text: "Mail!" },
      { type: "left", person: guest },
    ]);
    expect(world.characters(0, 1).map(({ number }) => number)).toEqual([1, 2]);
  });
});
