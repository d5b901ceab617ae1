/** Somebody at the game's page: what they see and do, in the words of the scenarios. Waits are for conditions, counted in ticks where it matters. */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { listenFor } from "./checks.ts";
import type { Body } from "./motor.ts";

export interface Entity {
  number: number;
  name: string;
  isMe: boolean;
  isBot: boolean;
  x: number;
  y: number;
  drawn: string;
}

interface GameWindow {
  __sg?: { tick: number; body?: Body; coins: number; rows: string[]; entities(): Entity[] };
}

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 720 } };

export class Player {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];

  private constructor(context: BrowserContext, page: Page, complaints: string[]) {
    [this.context, this.page, this.complaints] = [context, page, complaints];
  }

  /** Open the game's page, not more. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = DESK): Promise<Player> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints = listenFor(page, url);
    await page.goto(url);
    await page.getByRole("button", { name: "Play now" }).waitFor();
    return new Player(context, page, complaints);
  }

  /** Take a name and press Play; answers when the own body has taken its first ticks. */
  async enter(name: string): Promise<this> {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByLabel("Your name").press("Enter");
    await this.ticks(1);
    return this;
  }

  /** Wait until the own body has taken so many ticks more than now. */
  async ticks(count: number): Promise<void> {
    const from = Math.max(0, await this.tick());
    await this.page.waitForFunction((goal) => ((globalThis as GameWindow).__sg?.tick ?? -1) >= goal, from + count, { polling: 16, timeout: 20_000 });
  }

  tick(): Promise<number> {
    return this.page.evaluate(() => (globalThis as GameWindow).__sg?.tick ?? -1);
  }

  body(): Promise<Body> {
    return this.page.evaluate(() => ({ ...((globalThis as GameWindow).__sg?.body as Body) }));
  }

  rows(): Promise<string[]> {
    return this.page.evaluate(() => (globalThis as GameWindow).__sg?.rows ?? []);
  }

  entities(): Promise<Entity[]> {
    return this.page.evaluate(() => (globalThis as GameWindow).__sg?.entities() ?? []);
  }

  /** Wait until the body has come so far that way; a wait for a place, in pixels. */
  async reaches(way: string, x: number): Promise<void> {
    await this.page.waitForFunction(
      ([to, goal]) => {
        const at = ((globalThis as GameWindow).__sg?.body?.x ?? Number.NaN) / 256;
        return to === "right" ? at >= goal : at <= goal;
      },
      [way, x] as const,
      { polling: 16, timeout: 10_000 },
    );
  }

  /** Wait until one is drawn in one of these states. */
  async is(...drawn: string[]): Promise<void> {
    const now = (states: string[]): boolean => !!(globalThis as GameWindow).__sg?.entities().some((one) => one.isMe && states.includes(one.drawn));
    await this.page.waitForFunction(now, drawn, { polling: 16, timeout: 10_000 });
  }

  /** Wait until so many coins are counted. */
  async has(coins: number): Promise<void> {
    await this.page.waitForFunction((least) => Number(document.querySelector("[data-testid=coins]")?.textContent) >= least, coins, { timeout: 12_000 });
  }

  /** Stand still on the ground. */
  async rest(): Promise<void> {
    await this.page.waitForFunction(() => {
      const body = (globalThis as GameWindow).__sg?.body;
      return body !== undefined && body.vx === 0 && body.grounded === 1;
    });
  }

  /** Wait until somebody of that name is seen, and as `like` says. */
  async sees(name: string, like: Partial<Entity> = {}): Promise<Entity> {
    const found = await this.page.waitForFunction(
      ([wanted, fields]) => {
        const all = (globalThis as GameWindow).__sg?.entities() ?? [];
        return all.find((one) => one.name === wanted && Object.entries(fields).every(([key, value]) => one[key as keyof Entity] === value));
      },
      [name, like] as const,
      { polling: 50, timeout: 10_000 },
    );
    return (await found.jsonValue()) as Entity;
  }

  async coins(): Promise<number> {
    return Number(await this.page.getByTestId("coins").textContent());
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole("button", { name: "Talk" }).focus();
    await this.page.keyboard.press("Enter");
    await this.page.getByLabel("Say something to everybody here").fill(text);
    await this.page.keyboard.press("Enter");
  }

  async hears(text: string): Promise<void> {
    await this.page.getByRole("log").getByText(text).waitFor();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
