/** What stands in the plaza: the fountain, the sign, lamps and flowers; bounce pads; and coins, which come and go. */

import { type Atlas, placeHash } from "@kitewind/art";
import { type Stage, TILE } from "@kitewind/sim";
import type Phaser from "phaser";
import type { ShownCoin } from "../../play/plaza";
import { frameAt } from "../animate";
import { wayUp } from "../way-up";
import type { Sparks } from "./sparks";
import { ATLAS } from "./textures";

/** The pictures that a thing of the stage may have; its place decides which. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  fountain: ["fountain.flow"],
  kite: ["kitepole.wave"],
  flower: ["flower.0", "flower.1", "flower.2", "flower.3"],
  bush: ["bush.0", "tree-0.tall", "bush.1", "tree-1.small", "tree-1.tall", "tree-0.small"],
  pad: ["pad.idle"],
  feather: ["feather.0"],
  windmill: ["windmill.turn"],
  lighthouse: ["lighthouse.shine"],
};
const DEPTH: Readonly<Record<string, number>> = { pad: 2, fountain: -1, kite: -2, lamp: -1, stall: -1, board: -1, gate: -1, windmill: -2, lighthouse: -2, feather: 6 };
const RISE_TILES = 7; // how high a pad throws: FEEL8 of docs/spec/feel.md
const ARROWS_EACH = 4;
const ARROW_ASIDE_PX = 13; // coins hang in the middle
const ARROWS_RISE_MS = 1800;
const FEATHER_HOVERS_PX = 3;
const PAD_SUNK_PX = 8; // its cloth is level with the meadow around it
const BAND_PX = [44, 38, 30]; // one over the other
const BAND_COLOUR = 0xfff6dc;
const BAND_ALPHA = 0.1;
const SPOUT_PX = 44; // the fountain's mouth above its foot
const FOUNTAIN_EVERY_MS = 60;
const THROW_MS = 900;
const PAD_SPRINGS_MS = 320;

interface Thing {
  readonly sprite: Phaser.GameObjects.Image;
  readonly name: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
}

interface Flight {
  readonly fromX: number;
  readonly fromY: number;
  readonly atMs: number;
}

export class Scenery {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #sparks: Sparks;
  readonly #coins = new Map<number, Phaser.GameObjects.Image>();
  readonly #flights = new Map<number, Flight>();
  readonly #sprung = new Map<Thing, number>();
  #things: Thing[] = [];
  #arrows: Phaser.GameObjects.Image[] = [];
  #bands: Phaser.GameObjects.Rectangle[] = [];
  #signposts: Phaser.GameObjects.Image[] = [];
  #fountainAtMs = 0;
  calm = false;

  constructor(scene: Phaser.Scene, atlas: Atlas, sparks: Sparks) {
    [this.#scene, this.#atlas, this.#sparks] = [scene, atlas, sparks];
  }

  show(stage: Stage): void {
    for (const { sprite } of this.#things) sprite.destroy();
    for (const coin of this.#coins.values()) coin.destroy();
    for (const arrow of this.#arrows) arrow.destroy();
    for (const band of this.#bands) band.destroy();
    for (const post of this.#signposts) post.destroy();
    this.#coins.clear();
    const places = [...stage.things, ...stage.pads.map((pad) => ({ ...pad, kind: "pad" }))];
    this.#arrows = stage.pads.flatMap(() => Array.from({ length: ARROWS_EACH }, () => this.#scene.add.image(0, 0, ATLAS, "arrow").setDepth(-1)));
    this.#bands = stage.pads.flatMap(({ tx, ty }) => this.#band((tx + 0.5) * TILE, ty * TILE));
    this.#signposts = wayUp(stage).map(({ x, y, degrees }) => this.#scene.add.image(x, y, ATLAS, "arrow").setAngle(degrees).setDepth(4).setVisible(false));
    this.#things = places.map(({ kind, tx, ty }) => this.#stand(kind, (tx + 0.5) * TILE, (ty + 1) * TILE));
  }

  #stand(kind: string, x: number, ground: number): Thing {
    const choices = PICTURES[kind] ?? [kind];
    const name = choices[placeHash(x, ground) % choices.length] ?? kind;
    const y = kind === "pad" ? ground - TILE + PAD_SUNK_PX : ground;
    const sprite = this.#scene.add.image(x, y, ATLAS).setDepth(DEPTH[kind] ?? 0);
    return { sprite, name, kind, x, y };
  }

  /** The wind above a pad, with soft edges: brighter in the middle. */
  #band(x: number, ground: number): Phaser.GameObjects.Rectangle[] {
    const height = RISE_TILES * TILE;
    return BAND_PX.map((width) => this.#scene.add.rectangle(x, ground - height / 2, width, height, BAND_COLOUR, BAND_ALPHA).setDepth(-3));
  }

  /** Arrows along the way up, for who races. */
  guide(shows: boolean): void {
    for (const post of this.#signposts) post.setVisible(shows);
  }

  /** The pad next to these feet gives way. */
  spring(x: number, y: number, nowMs: number): void {
    const pad = this.#things.find((thing) => thing.kind === "pad" && Math.abs(thing.x - x) <= TILE && Math.abs(thing.y - y) <= TILE);
    if (pad) this.#sprung.set(pad, nowMs);
  }

  /** A coin flies out of the fountain to where it will lie. */
  throw(coin: ShownCoin, nowMs: number): void {
    const fountain = this.#things.find(({ kind }) => kind === "fountain");
    if (fountain && !this.calm) this.#flights.set(coin.id, { fromX: fountain.x, fromY: fountain.y - SPOUT_PX, atMs: nowMs });
  }

  /** `found`: a bit for each feather that is not to be seen any more. */
  move(coins: readonly ShownCoin[], found: number, nowMs: number): void {
    for (const thing of this.#things) this.#turn(thing, nowMs);
    this.#hover(found, nowMs);
    this.#rise(nowMs);
    this.#splash(nowMs);
    const seen = new Set<number>();
    for (const coin of coins) {
      seen.add(coin.id);
      this.#spin(coin, nowMs);
    }
    for (const [id, sprite] of this.#coins) {
      if (seen.has(id)) continue;
      sprite.destroy();
      this.#coins.delete(id);
      this.#flights.delete(id);
    }
  }

  #turn(thing: Thing, nowMs: number): void {
    const sprungAtMs = this.#sprung.get(thing);
    const isSprung = sprungAtMs !== undefined && nowMs - sprungAtMs < PAD_SPRINGS_MS;
    const animation = (isSprung && this.#atlas.animations["pad.bounce"]) || this.#atlas.animations[thing.name];
    const elapsedMs = isSprung ? nowMs - sprungAtMs : nowMs + thing.x * 7; // neighbours do not sway in step
    if (animation) thing.sprite.setFrame(frameAt(animation, this.calm && !isSprung ? 0 : elapsedMs));
    else if (this.#atlas.frames[thing.name]) thing.sprite.setFrame(thing.name);
    thing.sprite.setOrigin(0.5, 1);
  }

  #hover(found: number, nowMs: number): void {
    const feathers = this.#things.filter(({ kind }) => kind === "feather");
    feathers.forEach(({ sprite, x, y }, index) => {
      const bob = this.calm ? 0 : Math.round(Math.sin((nowMs + x * 9) / 420) * 2);
      sprite.setVisible((found & (1 << index)) === 0).setPosition(x, y - FEATHER_HOVERS_PX + bob);
      if (sprite.visible && !this.calm && Math.random() < 0.03) this.#sparks.puff("glint", x, y - 8);
    });
  }

  /** Above each pad small arrows show how high it throws. */
  #rise(nowMs: number): void {
    const pads = this.#things.filter(({ kind }) => kind === "pad");
    this.#arrows.forEach((arrow, index) => {
      const pad = pads[Math.floor(index / ARROWS_EACH)];
      if (!pad) return;
      const step = (index % ARROWS_EACH) / ARROWS_EACH;
      const way = this.calm ? step : (step + nowMs / ARROWS_RISE_MS / ARROWS_EACH) % 1;
      arrow.setOrigin(0.5, 1).setPosition(pad.x + (index % 2 ? ARROW_ASIDE_PX : -ARROW_ASIDE_PX), Math.round(pad.y - 14 - way * RISE_TILES * TILE)).setAlpha(Math.min(1, way * 6, (1 - way) * 3) * 0.9);
    });
  }

  #splash(nowMs: number): void {
    const fountain = this.#things.find(({ kind }) => kind === "fountain");
    if (!fountain || this.calm || nowMs - this.#fountainAtMs < FOUNTAIN_EVERY_MS) return;
    this.#fountainAtMs = nowMs;
    this.#sparks.puff("fountain", fountain.x, fountain.y - SPOUT_PX);
  }

  #spin(coin: ShownCoin, nowMs: number): void {
    const sprite = this.#coins.get(coin.id) ?? this.#scene.add.image(0, 0, ATLAS).setDepth(5);
    this.#coins.set(coin.id, sprite);
    const animation = this.#atlas.animations["coin.spin"];
    if (animation) sprite.setFrame(frameAt(animation, this.calm ? 0 : nowMs + coin.x * 5));
    const { x, y } = this.#flown(coin, nowMs);
    const bob = this.calm ? 0 : Math.round(Math.sin((nowMs + coin.x * 9) / 380));
    sprite.setOrigin(0.5, 0.5).setPosition(Math.round(x), Math.round(y) + bob);
  }

  #flown(coin: ShownCoin, nowMs: number): { x: number; y: number } {
    const flight = this.#flights.get(coin.id);
    const way = flight ? (nowMs - flight.atMs) / THROW_MS : 1;
    if (!flight || way >= 1) {
      this.#flights.delete(coin.id);
      return coin;
    }
    const arc = 60 * 4 * way * (1 - way);
    return { x: flight.fromX + (coin.x - flight.fromX) * way, y: flight.fromY + (coin.y - flight.fromY) * way - arc };
  }
}
