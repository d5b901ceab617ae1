/**
 * An operator makes jumps higher while somebody plays: the page's whole client but the drawing, against a real server.
 *
 * `node tuning.ts URL CONSOLE_URL NAME ONE_TIME_PASSWORD`
 */

import { equal, ok } from "./assert.ts";
import { bundled } from "./bundle.ts";
import type { Body } from "./motor.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

const KEY = "/sg/v1/console/titles/kitewind/config/jump_speed";
const HIGH = 1_700;
const FRAME_MS = 8;
const LEAVES_GROUND_TICKS = 5;
const COUNTS_TICKS = 40; // after it was told: it counts from 30 ticks after the last that the server had heard

interface Plaza {
  readonly body: Readonly<Body & { vy: number }>;
  readonly ticks: number;
  step(keys: number): Uint8Array | null;
}

interface Game {
  readonly held: { press(move: string, source: string): void; release(move: string, source: string): void };
  readonly plaza: Plaza | undefined;
  join(name: string, look: string): Promise<void>;
  frame(nowMs: number): number;
  leave(): void;
}

interface Client {
  Game: new (connect: (listener: Listener) => unknown, listener: object, bindings: object) => Game;
  MatchLink: new (at: object, deviceId: string, listener: Listener) => unknown;
}

interface Listener {
  message(message: { type: string }): void;
}

/** The console, signed in to. */
class Desk {
  #cookie = "";
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async signIn(name: string, password: string): Promise<this> {
    await this.call("POST", "/sg/v1/console/session", { name, password });
    await this.call("PUT", "/sg/v1/console/session/password", { password, new_password: "correct horse battery" });
    return this;
  }

  async call(method: string, path: string, body?: object, reason = ""): Promise<Record<string, unknown>> {
    const headers: Record<string, string> = { "X-CSRF": "1", ...(this.#cookie && { Cookie: this.#cookie }), ...(reason && { "X-Reason": encodeURIComponent(reason) }) };
    const answer = await fetch(this.#url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    for (const cookie of answer.headers.getSetCookie()) this.#cookie = cookie.split(";")[0] ?? "";
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }
}

const target = targetOf(process.argv.slice(2));
const [, consoleUrl, name, password] = process.argv.slice(2) as [string, string, string, string];
const { Game, MatchLink } = await bundled<Client>("apps/game/src/headless.ts");
const tap = new Tap();

await tap.check("jumps become higher in an open game, without a correction, and as they were again", async () => {
  const desk = await new Desk(consoleUrl).signIn(name, password);
  const heard: Record<string, number> = { tuned: 0, correction: 0 };
  const at = { scheme: target.tls ? "https" : "http", host: target.host, port: Number(target.port), key: target.key };
  const nothing = (): void => undefined;
  const game = new Game(
    (listener) =>
      new MatchLink(at, "tuning-of-the-motor", {
        ...listener,
        message: (message) => {
          heard[message.type] = (heard[message.type] ?? 0) + 1;
          listener.message(message);
        },
      }),
    { plaza: nothing, joined: nothing, lost: nothing, command: nothing },
    {},
  );
  await game.join("Tuner", "pip-0");
  const began = performance.now();
  const frames = setInterval(() => game.frame(performance.now() - began), FRAME_MS);
  const until = async (isSo: (plaza: Plaza) => boolean): Promise<Plaza> => {
    while (!game.plaza || !isSo(game.plaza)) await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    return game.plaza;
  };
  let top = 0;
  const played = await until(() => true);
  const step = played.step.bind(played);
  played.step = (keys) => {
    const batch = step(keys);
    top = Math.min(top, played.body.y); // y is downwards
    return batch;
  };
  /** How high a full jump goes. */
  const jump = async (): Promise<number> => {
    const { ticks: from, body } = await until(({ body }) => body.grounded === 1 && body.vx === 0);
    const ground = (top = body.y);
    game.held.press("jump", "test");
    await until(({ body, ticks }) => body.vy > 0 && ticks > from + LEAVES_GROUND_TICKS);
    game.held.release("jump", "test");
    return ground - top;
  };
  const counts = async (times: number): Promise<void> => {
    await until(() => heard.tuned === times);
    const { ticks } = played;
    await until((plaza) => plaza.ticks >= ticks + COUNTS_TICKS);
  };

  const before = await jump();
  await desk.call("PUT", KEY, { version: "0", overrides: [{ value: String(HIGH) }] }, "higher, for a test");
  await counts(1);
  const after = await jump();
  await desk.call("POST", `${KEY}/revert`, { version: "1", to: "0" }, "as it was");
  await counts(2);
  const back = await jump();
  clearInterval(frames);
  game.leave();
  equal(before, 13_800, "a jump rises as the motor was built"); // FEEL1
  ok(after > before * 1.8, `and ${after} units once it was changed`);
  equal(back, before, "and as much as before once it was taken back");
  equal([heard.tuned, heard.correction], [2, 0], "it was told twice, and nothing was corrected");
});

tap.end();
