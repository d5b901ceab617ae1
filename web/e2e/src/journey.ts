/**
 * A newcomer's first minute in Kitewind, played in a real browser: `node src/journey.ts URL FOLDER`.
 *
 * Saves what the screen shows at 2, 8, 15, 20, 45 and 60 seconds, at a desk and on a phone. Fails when the first step is not
 * possible within 10 seconds of opening the address, or the first coin is not there after 15.
 */

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, CDPSession } from "playwright-core";
import { ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { DESK, PHONE, Player } from "./player.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

const FIRST_STEP_WITHIN_S = 10;
const FIRST_COIN_WITHIN_S = 15;
const PICTURE_KB_MAX = 300;
const THINKS_MS = 1200; // the newcomer looks at the splash before they choose

const MOVES = ["left", "right", "jump"] as const;
type Move = (typeof MOVES)[number];
const KEYS: Record<Move, string> = { left: "ArrowLeft", right: "ArrowRight", jump: "Space" };
const BUTTONS: Record<Move, string> = { left: "Run left", right: "Run right", jump: "Jump, hold to glide" };

/** The hands of a newcomer: keys, or thumbs on the buttons of the screen. */
interface Hands {
  press(move: Move): Promise<void>;
  release(move: Move): Promise<void>;
}

const keys = ({ page }: Player): Hands => ({
  press: (move) => page.keyboard.down(KEYS[move]),
  release: (move) => page.keyboard.up(KEYS[move]),
});

async function thumbs(player: Player): Promise<Hands> {
  const client: CDPSession = await player.context.newCDPSession(player.page);
  const down = new Set<Move>();
  const touch = async (type: "touchStart" | "touchEnd"): Promise<void> => {
    const boxes = await Promise.all([...down].map((move) => player.page.getByRole("button", { name: BUTTONS[move] }).boundingBox()));
    const touchPoints = boxes.flatMap((box, id) => (box ? [{ x: box.x + box.width / 2, y: box.y + box.height / 2, id }] : []));
    await client.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  return {
    press: (move) => touch(down.add(move) ? "touchStart" : "touchEnd"),
    release: (move) => touch(down.delete(move) ? "touchEnd" : "touchEnd"),
  };
}

class Journey {
  readonly #player: Player;
  readonly #folder: string;
  readonly #name: string;
  readonly #openedAt: number;

  constructor(player: Player, folder: string, name: string, openedAt: number) {
    [this.#player, this.#folder, this.#name, this.#openedAt] = [player, folder, name, openedAt];
  }

  get seconds(): number {
    return (performance.now() - this.#openedAt) / 1000;
  }

  /** Wait for that second of the journey. */
  async until(second: number): Promise<void> {
    await this.#player.page.waitForTimeout(Math.max(0, (second - this.seconds) * 1000));
  }

  /** Take the picture of that second; late on a busy machine, never early. */
  async picture(second: number): Promise<void> {
    await this.until(second);
    const path = join(this.#folder, `${this.#name}-${String(second).padStart(2, "0")}.png`);
    await this.#player.page.screenshot({ path, animations: "allow" });
    const kilobytes = (await stat(path)).size / 1024;
    ok(kilobytes < PICTURE_KB_MAX, `${path} has ${kilobytes.toFixed(0)} kB`);
  }
}

/** Run until the body is at that pixel, give or take a few. */
async function runTo(player: Player, hands: Hands, x: number): Promise<void> {
  const way: Move = (await player.body()).x / 256 < x ? "right" : "left";
  await hands.press(way);
  await player.reaches(way, x);
  await hands.release(way);
  await player.rest();
}

/** Over the plank beside the fountain to the one above it. */
async function climbs(player: Player, hands: Hands, start: number): Promise<void> {
  await runTo(player, hands, start + 208);
  await hands.press("jump");
  await player.is("fall", "glide");
  await hands.release("jump");
  await player.rest();
  await runTo(player, hands, start + 232);
  await hands.press("jump");
  await hands.press("right");
  await player.reaches("right", start + 300);
  await hands.release("jump");
  await hands.release("right");
  await player.rest();
}

async function travels(browser: Browser, name: string, options: BrowserContextOptions, isPhone: boolean, folder: string): Promise<string> {
  const openedAt = performance.now();
  const player = await Player.open(browser, url, options);
  const journey = new Journey(player, folder, name, openedAt);
  await journey.picture(2);

  await player.page.waitForTimeout(THINKS_MS);
  await player.page.getByLabel("Pip, mint").check({ force: true });
  await player.page.getByRole("button", { name: "Suggest another name" }).click();
  await player.page.getByRole("button", { name: "Play now" }).click();
  await player.ticks(1);
  const hands = isPhone ? await thumbs(player) : keys(player);
  const start = (await player.body()).x / 256;
  await hands.press("right");
  await player.reaches("right", start + 2);
  const firstStep = journey.seconds;
  await hands.release("right");
  ok(firstStep <= FIRST_STEP_WITHIN_S, `the first step came after ${firstStep.toFixed(1)} s`);
  await journey.picture(8);

  await hands.press("right");
  await player.has(1);
  const firstCoin = journey.seconds;
  await hands.release("right");
  ok(firstCoin <= FIRST_COIN_WITHIN_S, `the first coin came after ${firstCoin.toFixed(1)} s`);
  await runTo(player, hands, start + 160);
  await journey.picture(15);

  await journey.until(19);
  await hands.press("jump");
  await hands.press("left");
  await player.is("glide");
  await journey.picture(20);
  await player.is("idle", "run");
  await hands.release("left");
  await hands.release("jump");

  const friend = await (await Player.open(browser, url)).enter("Windy Wren");
  await runTo(player, hands, start + 70); // beside the fountain
  await friend.say("Hello! Catch the coins of the fountain.");
  await player.hears("Catch the coins");
  await journey.until(43);
  await player.say("Hi! What a view up here.");
  await friend.page.keyboard.press("Digit1");
  await friend.hears("What a view");
  await journey.picture(45);

  await climbs(player, hands, start);
  await journey.until(58.5);
  if (isPhone) await player.page.getByRole("button", { name: "Gestures" }).click();
  await player.page.getByRole("button", { name: "Laugh" }).click();
  await journey.picture(60);
  const coins = await player.coins();
  await Promise.all([player.close(), friend.close()]);
  return `first step after ${firstStep.toFixed(1)} s, first coin after ${firstCoin.toFixed(1)} s, ${coins} coins after a minute`;
}

const [address = "", folder = ""] = process.argv.slice(2);
const target = targetOf([address]);
const url = `${target.url}/play${new URL(target.home).hash}`;
await mkdir(folder, { recursive: true });
const tap = new Tap();
const browser = await launch();
for (const [name, options, isPhone] of [["desk", DESK, false], ["phone", PHONE, true]] as const) {
  await tap.check(`a newcomer's first minute, ${name}`, async () => console.log(`# ${name}: ${await travels(browser, name, options, isPhone, folder)}`));
}
await browser.close();
tap.end();
