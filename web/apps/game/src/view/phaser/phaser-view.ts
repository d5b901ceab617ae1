/** The view on Phaser, as WebGL or, where there is none, on Canvas 2D. Nothing here depends on a shader or a tint, so both look alike. */

import type { Atlas } from "@kitewind/art";
import { Happened, TILE, UNIT } from "@kitewind/sim";
import Phaser from "phaser";
import type { Plaza, PlazaEvent } from "../../play/plaza";
import { Camera } from "../camera";
import type { Labels } from "../labels";
import { fit, type OnFrame, type View } from "../view";
import { Backdrop } from "./backdrop";
import { Banks } from "./banks";
import { Crowd } from "./crowd";
import { Effects } from "./effects";
import { Scenery } from "./scenery";
import { Sparks } from "./sparks";
import { addAtlas, loadPicture, paintStage } from "./textures";

const FRAME_MS_MAX = 100; // a longer pause is a pause, not a step of everything that moves

export interface ViewParts {
  /** The element that the canvas fills. */
  readonly parent: HTMLElement;
  readonly labels: Labels;
  readonly atlas: Atlas;
  readonly onFrame: OnFrame;
}

/** Rejects when the atlas cannot be fetched. */
export async function createView(parts: ViewParts): Promise<View> {
  const sheet = await loadPicture(parts.atlas.url);
  return new Promise((resolve) => new PhaserView(parts, sheet, resolve));
}

class PhaserView implements View {
  readonly #parts: ViewParts;
  readonly #sheet: HTMLImageElement;
  readonly #game: Phaser.Game;
  readonly #camera = new Camera();
  readonly #observer = new ResizeObserver(() => this.#fit());
  #scene!: Phaser.Scene;
  #backdrop!: Backdrop;
  #sparks!: Sparks;
  #effects!: Effects;
  #crowd!: Crowd;
  #banks!: Banks;
  #scenery!: Scenery;
  #plaza: Plaza | undefined;
  #stage: Phaser.GameObjects.Image[] = [];
  #scale = 1; // CSS pixels for one logical pixel
  #lastMs = 0;
  #calm = false;
  #guides = false;

  constructor(parts: ViewParts, sheet: HTMLImageElement, ready: (view: View) => void) {
    [this.#parts, this.#sheet] = [parts, sheet];
    const view = this;
    this.#game = new Phaser.Game({
      type: Phaser.AUTO,
      parent: parts.parent,
      ...this.#size(),
      scale: { mode: Phaser.Scale.NONE },
      pixelArt: true,
      audio: { noAudio: true },
      input: { keyboard: false, mouse: false, touch: false, gamepad: false },
      banner: false,
      autoFocus: false,
      scene: {
        create(this: Phaser.Scene) {
          view.#create(this);
          ready(view);
        },
        update: () => view.#frame(performance.now()),
      },
    });
  }

  #create(scene: Phaser.Scene): void {
    const { atlas, parent } = this.#parts;
    this.#scene = scene;
    scene.cameras.main.setRoundPixels(false); // all places are whole; on Canvas 2D it would draw every picture half a pixel larger
    addAtlas(scene.textures, atlas, this.#sheet);
    this.#backdrop = new Backdrop(scene);
    this.#sparks = new Sparks(scene);
    this.#effects = new Effects(scene, atlas);
    this.#crowd = new Crowd(scene, atlas, this.#sparks, this.#effects);
    this.#banks = new Banks(scene);
    this.#scenery = new Scenery(scene, atlas, this.#sparks);
    this.#game.canvas.setAttribute("aria-hidden", "true"); // what it shows, the labels and the log tell in words
    this.#observer.observe(parent);
    this.#fit();
    this.setCalm(this.#calm);
  }

  #size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#parts.parent;
    const { scale, width, height } = fit(clientWidth * devicePixelRatio, clientHeight * devicePixelRatio);
    this.#scale = scale / devicePixelRatio;
    return { width, height };
  }

  #fit(): void {
    const { width, height } = this.#size();
    this.#game.scale.resize(width, height);
    Object.assign(this.#game.canvas.style, { width: `${width * this.#scale}px`, height: `${height * this.#scale}px` });
    this.#backdrop.fit(width, height);
  }

  show(plaza: Plaza): void {
    this.#plaza = plaza;
    this.#crowd.clear();
    this.#parts.labels.clear();
    for (const picture of this.#stage) picture.destroy();
    const pictures = paintStage(this.#scene.textures, plaza.stage, this.#parts.atlas, this.#sheet);
    this.#stage = pictures.map(({ key, x }) => this.#scene.add.image(x, 0, key).setOrigin(0).setDepth(1));
    this.#scenery.show(plaza.stage);
    this.#banks.show(plaza.stage);
  }

  #frame(nowMs: number): void {
    const fraction = this.#parts.onFrame(nowMs);
    const elapsedMs = Math.min(nowMs - this.#lastMs, FRAME_MS_MAX);
    this.#lastMs = nowMs;
    const plaza = this.#plaza;
    if (!plaza) return;
    const characters = plaza.characters(nowMs, fraction);
    this.#crowd.move(characters, nowMs);
    this.#scenery.move(plaza.coins(), plaza.feathers, nowMs);
    this.#sparks.move(elapsedMs);
    this.#effects.move(nowMs);
    const me = characters.find(({ isMe }) => isMe);
    if (me) this.#look(plaza, me, elapsedMs, nowMs);
    const { width, height } = this.#scene.scale;
    const [x, y] = [Math.round(this.#camera.x), Math.round(this.#camera.y)];
    this.#parts.labels.place(characters, { x, y, scale: this.#scale, width: width * this.#scale, height: height * this.#scale }, nowMs);
  }

  #look(plaza: Plaza, me: { x: number; y: number; facing: number; drawn: string }, elapsedMs: number, nowMs: number): void {
    const view = { width: this.#scene.scale.width, height: this.#scene.scale.height };
    const stage = { width: plaza.stage.width * TILE, height: plaza.stage.height * TILE };
    const isGrounded = me.drawn === "idle" || me.drawn === "run";
    this.#camera.follow({ ...me, isRunning: me.drawn === "run", isGrounded, aimsUp: this.#guides }, view, stage, elapsedMs / 1000);
    this.#scene.cameras.main.setScroll(Math.round(this.#camera.x), Math.round(this.#camera.y));
    this.#backdrop.move(this.#camera.x, Math.max(0, stage.height - view.height - this.#camera.y), view.height, nowMs, this.#calm);
  }

  happen(event: PlazaEvent): void {
    const nowMs = performance.now();
    switch (event.type) {
      case "moved":
        return this.#moved(event.happened, nowMs);
      case "coin":
        this.#effects.play("spark.burst", event.coin.x, event.coin.y, nowMs, 0.5);
        return this.#sparks.puff("coin", event.coin.x, event.coin.y);
      case "thrown":
        return this.#scenery.throw(event.coin, nowMs);
      case "emoted":
        this.#crowd.gesture(event.number, event.emote, nowMs);
        return this.#parts.labels.emote(event.number, event.emote, nowMs);
      case "said":
        return this.#parts.labels.say(event.number, event.text, nowMs);
      case "entered":
        return this.#sparks.puff("arrive", event.person.x / UNIT, event.person.y / UNIT - 8);
      case "kite":
      case "feathers":
        return this.#puffAt("fame", event.number, nowMs);
      case "dressed":
        return this.#puffAt("arrive", event.number, nowMs);
      case "left":
      case "counted":
      case "board":
      case "race":
      case "wardrobe":
        return;
    }
  }

  #moved(happened: number, nowMs: number): void {
    const body = this.#plaza?.body;
    if (!body) return;
    const [x, y] = [body.x / UNIT, body.y / UNIT];
    if (happened & Happened.bounced) {
      this.#sparks.puff("bounce", x, y);
      this.#scenery.spring(x, y, nowMs);
    }
    if (happened & Happened.turned && body.grounded) this.#sparks.puff("turn", x, y - 1);
  }

  #puffAt(kind: "fame" | "arrive", number: number, nowMs: number): void {
    const who = this.#plaza?.characters(nowMs, 1).find((character) => character.number === number);
    if (who) this.#sparks.puff(kind, who.x, who.y - 12);
  }

  guide(shows: boolean): void {
    this.#guides = shows;
    this.#scenery.guide(shows);
  }

  setCalm(calm: boolean): void {
    this.#calm = calm;
    for (const part of [this.#sparks, this.#crowd, this.#scenery]) if (part) part.calm = calm;
  }

  picture(): Promise<Blob | null> {
    // Right after it was drawn: WebGL keeps nothing of a frame once it is on the screen.
    return new Promise((resolve) => this.#game.events.once(Phaser.Core.Events.POST_RENDER, () => this.#game.canvas.toBlob(resolve, "image/png")));
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#parts.labels.clear();
    this.#game.destroy(true);
  }
}
