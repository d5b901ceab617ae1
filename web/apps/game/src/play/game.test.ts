import { BUILT, type Emote, Key, newBody, Stage, type Welcome } from "@kitewind/sim";
import type { Feedback } from "@supergame/guest";
import { describe, expect, it } from "vitest";
import { DEFAULT_BINDINGS } from "../input/actions";
import { type Link, LinkError, type LinkListener } from "../link/link";
import { EMOTE_EVERY_TICKS, Game, REJOIN_AFTER_MS } from "./game";

const ROWS = ["      ", " @    ", "######"];

class FakeLink implements Link {
  readonly batches: number[][] = [];
  readonly emotes: Emote[] = [];
  readonly joins: string[] = [];
  refusals = 0;
  constructor(readonly listener: LinkListener) {}

  async join(name: string, look: string): Promise<Welcome> {
    this.joins.push(`${name} ${look}`);
    if (this.refusals-- > 0) throw new LinkError("unreachable", "no");
    return { tick: 0, number: 1, epoch: 0, body: newBody(Stage.parse(ROWS)), tuning: BUILT, rows: ROWS, people: [], coins: [] };
  }
  sendInputs(batch: Uint8Array): void {
    this.batches.push([...batch]);
  }
  async say(): Promise<void> {}
  emote(emote: Emote): void {
    this.emotes.push(emote);
  }
  readonly told: Feedback[] = [];
  async tell(feedback: Feedback): Promise<void> {
    this.told.push(feedback);
  }
  wear(): void {}
  run(): void {}
  leave(): void {}
}

function visit() {
  const told: string[] = [];
  const later: { work: () => void; ms: number }[] = [];
  let link!: FakeLink;
  let now = 0;
  const game = new Game(
    (listener) => (link = new FakeLink(listener)),
    {
      plaza: ({ type }) => void (type === "counted" && told.push(type)),
      joined: () => told.push("joined"),
      lost: () => told.push("lost"),
      command: (command) => told.push(command),
    },
    DEFAULT_BINDINGS,
    { now: () => now, later: (work, ms) => void later.push({ work, ms }), pads: () => [] },
  );
  const ticks = (count: number): void => {
    for (let tick = 0; tick < count; tick += 1) game.frame((now += 1000 / 60 + 1e-6));
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  game.frame(0);
  return { game, link, told, later, ticks, settle };
}

describe("a visit", () => {
  it("sends what is held, three ticks a message", async () => {
    const { game, link, ticks } = visit();
    await game.join("Ada", "pip-0");
    game.held.press("right", "test");
    game.held.press("jump", "test");
    ticks(6);
    const keys = Key.right | Key.jump;
    expect(link.batches).toEqual([[0, 0, 0, 0, 0, 1, keys, 3], [0, 3, 0, 0, 0, 1, keys, 3]]);
  });

  it("joins again after a loss, waiting longer each time, as the same visitor", async () => {
    const { game, link, told, later, settle, ticks } = visit();
    await game.join("Ada", "pip-0");
    game.held.press("right", "test");
    link.refusals = 5;
    link.listener.lost();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      later[attempt]!.work();
      await settle();
    }
    expect(later.map(({ ms }) => ms)).toEqual([...REJOIN_AFTER_MS, 4000, 4000]);
    expect(told).toEqual(["joined", "lost", "joined"]);
    expect(new Set(link.joins)).toEqual(new Set(["Ada pip-0"]));
    ticks(3);
    expect(link.batches.at(-1)).toEqual([0, 0, 0, 0, 0, 1, 0, 3]); // nothing is held over a loss
  });

  it("counts the purse that comes before the plaza stands", async () => {
    const { game, link, told } = visit();
    const joining = game.join("Ada", "pip-0");
    link.listener.message({ type: "purse", number: 1, total: 25 });
    await joining;
    expect(told).toEqual(["joined", "counted"]);
  });

  it("forgets no purse of a full plaza that is told before it stands", async () => {
    const { game, link, told } = visit();
    const joining = game.join("Ada", "pip-0");
    for (let number = 1; number <= 40; number += 1) link.listener.message({ type: "purse", number, total: number });
    await joining;
    expect(told).toEqual(["joined", ...Array.from({ length: 40 }, () => "counted")]);
  });

  it("does not come back once it has left", async () => {
    const { game, link, later, told } = visit();
    await game.join("Ada", "pip-0");
    link.listener.lost();
    game.leave();
    later[0]!.work();
    expect([link.joins.length, told]).toEqual([1, ["joined", "lost"]]);
  });

  it("tells the makers something with the place where it was seen", async () => {
    const { game, link } = visit();
    await game.join("Ada", "pip-0");
    await game.tell({ text: "It is windy.", build: "kitewind index-1", log: "" });
    expect(link.told).toEqual([{ text: "It is windy.", build: "kitewind index-1", log: "", position: "plaza 1,1" }]);
  });

  it("lets emotes through at a friendly pace", async () => {
    const { game, link, ticks } = visit();
    await game.join("Ada", "pip-0");
    game.emote("wave");
    game.emote("heart");
    ticks(EMOTE_EVERY_TICKS);
    game.emote("kite");
    expect(link.emotes).toEqual(["wave", "kite"]);
  });
});
