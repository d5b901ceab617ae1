/** What the page shows of a visit, and what its buttons do. The parts draw it; the game and its view work behind it. */

import { looks, Sound } from "@kitewind/art";
import { type Best, type Emote, Happened, type ThingKind, TICK_HZ, TILE, UNIT, type Ware } from "@kitewind/sim";
import { buildOf, deviceId, endpointOf, Journal, openShelf, type Shelf } from "@supergame/guest";
import { atlas } from "virtual:kitewind-atlas";
import { advice } from "./link/link";
import type { Command } from "./input/actions";
import { Game } from "./play/game";
import { suggestName, tidyName } from "./play/names";
import { clock, spokenTime } from "./play/duration";
import type { Plaza, PlazaEvent } from "./play/plaza";
import { bits, FEATHERS, type Quest, questOf, wayTo } from "./play/quest";
import { keepSettings, readSettings, type Settings } from "./play/settings";
import { whereIs } from "./play/where";
import { Labels } from "./view/labels";
import type { View } from "./view/view";
import { emoteIcon } from "./hud/icons";

const LINES_KEPT = 60;
const LINE_FADES_AFTER_MS = 8000;
const MUSIC_AFTER_MS = 2000; // composing it takes a while; the first steps come before
/** How near one stands to read or buy, in pixels. */
const NEAR_PX: Partial<Record<ThingKind, number>> = { sign: 34, stall: 22, board: 30, gate: 18 };
const TOAST_MS = 2600;
const REST_MS = 550; // a gesture's pause: `EMOTE_EVERY_TICKS`
const HELP_TICKS_MAX = 45 * TICK_HZ; // the keys are told until they have been used, or so long
const TRIUMPH_MS = 9000;
const SPARKLES = { count: 6, everyMs: 450 } as const;
const LOOK_AROUND_EVERY_TICKS = 6;

const ALL_USED = Happened.jumped | Happened.glideStarted;

export interface Line {
  readonly id: number;
  /** Empty for what the plaza itself tells. */
  readonly name: string;
  readonly text: string;
  readonly isMine: boolean;
}

export interface Listed {
  readonly number: number;
  readonly name: string;
  readonly look: string;
  readonly isBot: boolean;
  readonly isMe: boolean;
  readonly coins: number;
  /** Where they are, in words. */
  readonly where: string;
}

/** What was reached, while that is celebrated. */
export interface Triumph {
  readonly title: string;
  readonly text: string;
}

export class Visit {
  phase = $state<"splash" | "joining" | "playing" | "rejoining">("splash");
  trouble = $state("");
  settings = $state.raw<Settings>()!;
  name = $state("");
  look = $state("");
  coins = $state(0);
  people = $state.raw<Listed[]>([]);
  players = $derived(this.people.filter(({ isBot }) => !isBot));
  lines = $state.raw<Line[]>([]);
  /** Lines up to this `id` have been there for a while: they show only in the open chat. */
  fadedUpTo = $state(0);
  chatOpen = $state(false);
  menuOpen = $state(false);
  peopleOpen = $state(false);
  /** The gestures of a touch screen. */
  trayOpen = $state(false);
  /** Standing at a sign, the stall or the board, which is how one reads them. */
  at = $state<ThingKind | "">("");
  /** What is to be done next, and which way it lies, in degrees clockwise from the right. */
  quest = $state.raw<Quest>();
  way = $state<number>();
  /** Of today, the fastest first. */
  board = $state.raw<readonly Best[]>([]);
  /** Bits: what was bought, and which feathers were found. */
  wares = $state(0);
  feathers = $state(0);
  wears = $state("");
  isRacing = $state(false);
  /** Tiles that the goal of the race is higher than oneself. */
  tilesLeft = $state(0);
  /** A word of what just happened. */
  toast = $state("");
  /** Just after a gesture: the next one waits. */
  isResting = $state(false);
  /** The keys are known: one has run, jumped and glided, or has had the time to. */
  isAtHome = $state(false);
  hasKite = $state(false);
  triumph = $state.raw<Triumph>();
  calmSystem = $state(false);
  readonly sound = new Sound(7);
  readonly #shelf: Shelf;
  readonly #journal = new Journal(window);
  readonly #totals = new Map<number, number>();
  #game: Game | undefined;
  #view: View | undefined;
  #labels: Labels | undefined;
  #thumbs = false;
  #stopKeys: (() => void) | undefined;
  #lineCount = 0;
  #lookedAtTick = 0;
  #startedMs = 0;
  #raceFromMs = 0;
  #hasRaced = false;
  #knowsPurse = false; // the wardrobe comes when it was read
  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  #used = 0; // bits of `Happened`
  #hasRun = false;

  constructor(storage: () => Shelf = () => localStorage) {
    this.#shelf = openShelf(storage);
    this.settings = readSettings(this.#shelf);
    this.name = this.settings.name || suggestName(Math.random);
    this.look = (looks as readonly string[]).includes(this.settings.look) ? this.settings.look : looks[0]!;
    this.#hear();
  }

  get calm(): boolean {
    return this.settings.motion === "calm" || (this.settings.motion === "auto" && this.calmSystem);
  }

  get game(): Game | undefined {
    return this.#game;
  }

  set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    keepSettings(this.#shelf, this.settings);
    this.#hear();
    this.#view?.setCalm(this.calm);
    if (this.#game) this.#game.keyboard.bindings = this.settings.bindings;
  }

  #hear(): void {
    this.sound.setVolume("music", this.settings.music);
    this.sound.setVolume("effects", this.settings.effects);
    this.sound.mute(this.settings.muted);
  }

  /** Whether buttons for thumbs are on the screen: nothing to read is put under them. */
  showThumbs(thumbs: boolean): void {
    this.#thumbs = thumbs;
    if (this.#labels) this.#labels.thumbs = thumbs;
  }

  rollName(): void {
    this.name = suggestName(Math.random);
    this.sound.play("ui");
  }

  /** Fetch what playing needs while the splash is looked at. */
  warmUp(): void {
    void import("./link/match");
    void import("./view/phaser/phaser-view");
  }

  async play(stage: HTMLElement, labels: HTMLElement): Promise<void> {
    if (this.phase !== "splash") return;
    [this.phase, this.trouble] = ["joining", ""];
    this.name = tidyName(this.name) || suggestName(Math.random);
    this.set({ name: this.name, look: this.look });
    this.sound.unlock();
    this.sound.play("ui");
    try {
      await this.#enter(stage, labels);
      setTimeout(() => this.#game && this.sound.music(true), MUSIC_AFTER_MS);
    } catch (error) {
      this.#close();
      [this.phase, this.trouble] = ["splash", advice(error)];
    }
  }

  async #enter(stage: HTMLElement, labels: HTMLElement): Promise<void> {
    const [{ MatchLink }, { createView }] = await Promise.all([import("./link/match"), import("./view/phaser/phaser-view")]);
    const game = new Game(
      (listener) => new MatchLink(endpointOf(location), deviceId(this.#shelf), listener),
      {
        plaza: (event) => this.#happen(event),
        joined: (plaza) => this.#joined(plaza),
        lost: () => {
          this.#journal.note("lost the connection");
          this.phase = "rejoining";
        },
        command: (command) => this.command(command),
      },
      this.settings.bindings,
    );
    this.#game = game;
    const entering = game.join(this.name, this.look);
    const onFrame = (nowMs: number): number => this.#frame(game, nowMs);
    this.#labels = new Labels(labels, emoteIcon);
    this.#labels.thumbs = this.#thumbs;
    const made = createView({ parent: stage, labels: this.#labels, atlas, onFrame });
    const [view] = await Promise.all([made, entering]);
    this.#view = view;
    view.setCalm(this.calm);
    if (game.plaza) view.show(game.plaza);
    this.#stopKeys = game.keyboard.listen(window);
    this.#startedMs = performance.now();
    this.phase = "playing";
  }

  #joined(plaza: Plaza): void {
    this.coins = 0;
    this.#totals.clear();
    this.#lookedAtTick = 0;
    [this.isRacing, this.feathers, this.wares, this.wears] = [false, 0, 0, ""];
    this.#knowsPurse = false;
    this.#list(plaza);
    this.#view?.show(plaza); // the first time it is still being made
    if (this.phase === "rejoining") this.phase = "playing";
  }

  #list(plaza: Plaza): void {
    const places = new Map(plaza.characters(performance.now(), 1).map((one) => [one.number, one]));
    const listed = [...plaza.people.values()].map(({ number, name, look, kind }) => ({
      number,
      name,
      look: look.split("+")[0] ?? "",
      isBot: kind === "bot",
      isMe: number === plaza.me,
      coins: this.#totals.get(number) ?? 0,
      where: number === plaza.me ? "" : whereIs(places.get(number), plaza.stage),
    }));
    this.people = listed.sort((a, b) => Number(a.isBot) - Number(b.isBot) || Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name));
  }

  /** Once a frame: the game's ticks, and now and then a look at what is near. */
  #frame(game: Game, nowMs: number): number {
    const fraction = game.frame(nowMs);
    const { plaza } = game;
    if (plaza && plaza.ticks - this.#lookedAtTick >= LOOK_AROUND_EVERY_TICKS) this.#lookAround(plaza);
    return fraction;
  }

  #lookAround(plaza: Plaza): void {
    this.#lookedAtTick = plaza.ticks;
    const [x, y] = [plaza.body.x / UNIT, plaza.body.y / UNIT];
    const near = plaza.stage.things.find(({ kind, tx, ty }) => Math.hypot((tx + 0.5) * TILE - x, (ty + 1) * TILE - y) < (NEAR_PX[kind] ?? 0));
    this.at = near && plaza.body.vx === 0 ? near.kind : "";
    this.#aim(plaza, { x, y });
    if (this.peopleOpen) this.#list(plaza);
    this.sound.glide(plaza.body.gliding === 1);
    if (plaza.body.vx !== 0) this.#hasRun = true;
    const hasUsedAll = this.#hasRun && (this.#used & ALL_USED) === ALL_USED;
    if (hasUsedAll || plaza.ticks > HELP_TICKS_MAX) this.isAtHome = true;
  }

  #aim({ stage }: Plaza, from: { x: number; y: number }): void {
    const racingMs = this.isRacing ? performance.now() - this.#raceFromMs : undefined;
    const { coins, wares, feathers, board, name } = this;
    const quest = questOf({ coins, wares, feathers, board, name, hasRaced: this.#hasRaced, racingMs }, stage);
    if (quest.text !== this.quest?.text || quest.count !== this.quest.count) this.quest = quest;
    this.way = wayTo(from, quest.towards);
    const goal = quest.towards[0];
    this.tilesLeft = this.isRacing && goal ? Math.max(0, Math.round(Math.hypot(goal.x - from.x, goal.y - from.y) / TILE)) : 0;
    this.#view?.guide(this.isRacing);
  }

  #happen(event: PlazaEvent): void {
    this.#view?.happen(event);
    switch (event.type) {
      case "moved":
        return this.#sounds(event.happened);
      case "coin":
        if (event.mine) this.sound.play("coin");
        return;
      case "counted":
        this.#totals.set(event.number, event.total);
        if (event.number === this.#game?.plaza?.me) this.#count(event.total);
        return this.#relist();
      case "said":
        this.sound.play("chat");
        return this.#tell(event.number, event.text);
      case "emoted":
        return this.sound.play("emote");
      case "entered":
        this.#relist();
        this.sound.play("join");
        return this.#announce(`${event.person.name} came in.`);
      case "left":
        this.#totals.delete(event.person.number);
        this.#relist();
        this.sound.play("leave");
        return this.#announce(`${event.person.name} left.`);
      case "kite":
        return this.#reached(event.number);
      case "race":
        return this.#raced(event);
      case "board":
        this.board = event.times;
        return;
      case "feathers":
        return this.#found(event.number, event.found);
      case "dressed":
        if (this.#isMe(event.number)) this.#dress(event.look.split("+")[1] ?? "");
        return this.#relist();
      case "wardrobe":
        this.wares = event.wares;
        this.#knowsPurse = true;
        return;
    }
  }

  /** Who has kept coins was here before, and knows the keys. */
  #count(total: number): void {
    if (!this.#knowsPurse && total > this.coins + 1) this.isAtHome = true;
    this.coins = total;
  }

  /** Somebody came to the great kite. One's own first time is celebrated. */
  #reached(number: number): void {
    this.sound.play("join");
    if (!this.#isMe(number)) return this.#announce(`${this.#nameOf(number)} reached the great kite!`);
    if (this.hasKite) return;
    const time = spokenTime(performance.now() - this.#startedMs);
    this.hasKite = true;
    this.#announce(`You reached the great kite after ${time}!`);
    this.#celebrate({ title: "You reached the great kite!", text: "25 coins for you. Glide down, and race it from the flag." });
  }

  #raced({ number, what, timeMs, place }: { number: number; what: string; timeMs: number; place: number }): void {
    const isMine = this.#isMe(number);
    if (isMine) this.isRacing = what === "started";
    if (isMine && what === "started") {
      this.#raceFromMs = performance.now();
      this.sound.play("emote");
      this.#toastUp("Go! Follow the arrows.");
    }
    if (isMine && what === "ended") this.#toastUp("Race over. The flag is always there.");
    if (!isMine && what === "started" && this.#game?.plaza?.isNear(number, performance.now())) this.#announce(`${this.#nameOf(number)} is racing to the great kite.`);
    if (what !== "finished") return;
    const rank = place > 0 ? `, place ${place} today` : "";
    if (!isMine) return this.#announce(`${this.#nameOf(number)} ran the race in ${clock(timeMs)}${rank}.`);
    this.#hasRaced = true;
    this.#announce(`You ran the race in ${clock(timeMs)}${rank}.`);
    this.#celebrate({ title: `${clock(timeMs)} to the great kite!`, text: `${place > 0 ? `Place ${place} of today. ` : "You were faster before. "}10 coins for the run.` });
  }

  #dress(wears: string): void {
    if (wears !== "" && this.#knowsPurse && this.wears === "" && !this.#hasRaced) this.#toastUp("It suits you! Golden feathers are hidden all over; five make a plume.", 2 * TOAST_MS);
    this.wears = wears;
  }

  #celebrate(triumph: Triumph): void {
    this.triumph = triumph;
    const me = this.#game?.plaza?.me ?? 0;
    for (let sparkle = 1; sparkle <= SPARKLES.count; sparkle += 1) setTimeout(() => this.#sparkle(me, sparkle), sparkle * SPARKLES.everyMs);
    setTimeout(() => this.triumph === triumph && (this.triumph = undefined), TRIUMPH_MS);
  }

  #found(number: number, found: number): void {
    const count = bits(found);
    if (!this.#isMe(number)) return this.#announce(`${this.#nameOf(number)} found a golden feather: ${count} of ${FEATHERS}.`);
    const isNew = this.#knowsPurse && count > bits(this.feathers); // before, it is what was kept
    this.feathers = found;
    if (!isNew) return;
    this.sound.play("join", { pitch: 1.5 });
    if (count === FEATHERS) return this.#celebrate({ title: "All five golden feathers!", text: "60 coins, and a plume waits for you at the stall." });
    this.#toastUp(`A golden feather! ${count} of ${FEATHERS}, and 10 coins.`);
  }

  #toastUp(text: string, forMs = TOAST_MS): void {
    clearTimeout(this.#toastTimer);
    this.toast = text;
    this.#toastTimer = setTimeout(() => (this.toast = ""), forMs);
  }

  #isMe(number: number): boolean {
    return number === this.#game?.plaza?.me;
  }

  #sparkle(number: number, count: number): void {
    this.#view?.happen({ type: "kite", number });
    this.sound.play(count < SPARKLES.count ? "coin" : "join", { pitch: 2 ** ((count - 1) / 12) });
  }

  #sounds(happened: number): void {
    this.#used |= happened;
    if (happened & Happened.jumped) this.sound.play("jump");
    if (happened & Happened.bounced) this.sound.play("bounce");
    if (happened & Happened.landed) this.sound.play("land");
    if (happened & Happened.glideStarted) this.sound.play("glide");
    if (happened & Happened.fell) this.sound.play("fall");
  }

  #relist(): void {
    const plaza = this.#game?.plaza;
    if (plaza) this.#list(plaza);
  }

  #nameOf(number: number): string {
    return this.#game?.plaza?.people.get(number)?.name ?? "";
  }

  #tell(number: number, text: string): void {
    const person = this.#game?.plaza?.people.get(number);
    // Bots chatter all day: their bubbles are enough, but for an answer.
    const isForMe = text.includes(this.#nameOf(this.#game?.plaza?.me ?? 0));
    if (person && (person.kind === "player" || isForMe)) this.#add({ name: person.name, text, isMine: this.#isMe(number) });
  }

  #announce(text: string): void {
    this.#add({ name: "", text, isMine: false });
  }

  #add(line: Omit<Line, "id">): void {
    const id = ++this.#lineCount;
    this.lines = [...this.lines, { ...line, id }].slice(-LINES_KEPT);
    setTimeout(() => (this.fadedUpTo = id), LINE_FADES_AFTER_MS);
  }

  async say(text: string): Promise<void> {
    if (text.trim() === "") return;
    await this.#game?.say(text.trim()).catch((error: unknown) => this.#announce(advice(error)));
  }

  /** Tell the makers something. Answers what to say of it, and whether they have it. */
  async tellMakers(text: string, withPicture: boolean): Promise<{ said: string; isKept: boolean }> {
    const build = buildOf("kitewind", document.scripts);
    try {
      const blob = withPicture ? await this.#view?.picture() : undefined;
      const picture = blob ? new Uint8Array(await blob.arrayBuffer()) : undefined;
      await this.#game?.tell({ text, build, log: withPicture ? this.#journal.excerpt() : "", picture });
      return { said: "Thank you! They will read it.", isKept: true };
    } catch (error) {
      return { said: advice(error), isKept: false };
    }
  }

  emote(emote: Emote): void {
    if (!this.#game) return;
    if (!this.#game.emote(emote)) return this.#toastUp("One gesture after the other.");
    this.isResting = true;
    setTimeout(() => (this.isResting = false), REST_MS);
  }

  wear(ware: Ware): void {
    this.#game?.wear(ware);
    this.sound.play("ui");
  }

  /** Begin the race at the flag; while one races, give it up. */
  race(): void {
    if (this.isRacing) this.#game?.run(false);
    else if (this.at === "gate") this.#game?.run(true);
  }

  command(command: Command): void {
    if (command === "wave" || command === "heart" || command === "laugh" || command === "kite") return this.emote(command);
    if (command === "race") this.race();
    if (command === "chat") this.chatOpen = true;
    if (command === "people") this.peopleOpen = !this.peopleOpen;
    if (command === "mute") this.set({ muted: !this.settings.muted });
    if (command === "menu") this.#back();
  }

  /** What lies over the game is closed first; with nothing there, the menu opens. */
  #back(): void {
    if (this.chatOpen) this.chatOpen = false;
    else if (this.trayOpen) this.trayOpen = false;
    else if (this.peopleOpen) this.peopleOpen = false;
    else this.openMenu(true);
  }

  openMenu(open: boolean): void {
    this.menuOpen = open;
    this.#game?.held.releaseAll();
    if (this.#game) this.#game.keyboard.enabled = !open;
  }

  leave(): void {
    this.#close();
    [this.phase, this.lines, this.menuOpen, this.chatOpen, this.peopleOpen] = ["splash", [], false, false, false];
    [this.hasKite, this.triumph, this.toast, this.quest] = [false, undefined, "", undefined];
  }

  #close(): void {
    this.sound.music(false);
    this.sound.glide(false);
    this.#stopKeys?.();
    this.#game?.leave();
    this.#view?.destroy();
    [this.#game, this.#view, this.#stopKeys] = [undefined, undefined, undefined];
  }
}
