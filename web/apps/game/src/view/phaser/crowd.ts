/** Everybody in the plaza as sprites: their motions, the squash of a landing, the dust under their feet. */

import { type Atlas, hatRise, heroAnimation } from "@kitewind/art";
import type { Emote } from "@kitewind/sim";
import type Phaser from "phaser";
import type { Character } from "../../play/plaza";
import { Acting, frameAt } from "../animate";
import type { Effects } from "./effects";
import type { Sparks } from "./sparks";
import { ATLAS } from "./textures";

const SQUASH_MS = 110;

interface Actor {
  readonly sprite: Phaser.GameObjects.Image;
  readonly hat: Phaser.GameObjects.Image;
  readonly acting: Acting;
  squashedAtMs: number;
  stretchedAtMs: number;
  drawn: Character["drawn"];
  glideSparkAtMs: number;
}

export class Crowd {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #sparks: Sparks;
  readonly #effects: Effects;
  readonly #actors = new Map<number, Actor>();
  calm = false;

  constructor(scene: Phaser.Scene, atlas: Atlas, sparks: Sparks, effects: Effects) {
    [this.#scene, this.#atlas, this.#sparks, this.#effects] = [scene, atlas, sparks, effects];
  }

  move(characters: readonly Character[], nowMs: number): void {
    const seen = new Set<number>();
    for (const character of characters) {
      seen.add(character.number);
      this.#draw(this.#actors.get(character.number) ?? this.#enter(character), character, nowMs);
    }
    for (const [number, actor] of this.#actors) if (!seen.has(number)) this.#leave(number, actor);
  }

  gesture(number: number, emote: Emote, nowMs: number): void {
    this.#actors.get(number)?.acting.gesture(emote, nowMs);
  }

  clear(): void {
    for (const [number, actor] of this.#actors) this.#leave(number, actor);
  }

  #enter({ number, isMe, drawn }: Character): Actor {
    const sprite = this.#scene.add.image(0, 0, ATLAS).setOrigin(0.5, 1).setDepth(isMe ? 20 : 10);
    const hat = this.#scene.add.image(0, 0, ATLAS).setOrigin(0.5, 1).setDepth(isMe ? 21 : 11);
    const actor: Actor = { sprite, hat, acting: new Acting(), squashedAtMs: -1e9, stretchedAtMs: -1e9, drawn, glideSparkAtMs: 0 };
    this.#actors.set(number, actor);
    return actor;
  }

  #leave(number: number, actor: Actor): void {
    actor.sprite.destroy();
    actor.hat.destroy();
    this.#actors.delete(number);
  }

  #draw(actor: Actor, character: Character, nowMs: number): void {
    const { motion, sinceMs, landed } = actor.acting.play(character, nowMs);
    const animation = this.#atlas.animations[heroAnimation(character.look, motion)];
    const frame = animation ? frameAt(animation, nowMs - sinceMs) : "";
    if (frame) actor.sprite.setFrame(frame);
    actor.sprite.setOrigin(0.5, 1);
    actor.sprite.setPosition(Math.round(character.x), Math.round(character.y)).setFlipX(character.facing < 0).setAlpha(character.away ? 0.55 : 1);
    this.#dust(actor, character, landed, nowMs);
    this.#squash(actor, nowMs);
    this.#wear(actor, character, frame);
  }

  /** The hat goes where the head goes. */
  #wear({ sprite, hat }: Actor, { wears, facing, away }: Character, frame: string): void {
    const name = `hat.${wears}`;
    hat.setVisible(wears !== "" && name in this.#atlas.frames);
    if (!hat.visible) return;
    hat.setFrame(name).setOrigin(0.5, 1).setFlipX(facing < 0).setAlpha(away ? 0.55 : 1).setScale(sprite.scaleX, sprite.scaleY);
    hat.setPosition(sprite.x, Math.round(sprite.y - hatRise(frame) * sprite.scaleY));
  }

  #dust(actor: Actor, { drawn, x, y, facing }: Character, landed: boolean, nowMs: number): void {
    if (landed) {
      actor.squashedAtMs = nowMs;
      this.#sparks.puff("land", x, y);
      this.#effects.play("dust.puff", x, y, nowMs);
    }
    const rises = drawn === "jump" && actor.drawn !== "jump";
    if (rises) {
      actor.stretchedAtMs = nowMs;
      this.#sparks.puff("jump", x, y);
    }
    if (drawn === "glide" && !this.calm && nowMs - actor.glideSparkAtMs > 70) {
      actor.glideSparkAtMs = nowMs;
      this.#sparks.puff("glide", x - facing * 7, y - 8);
    }
    actor.drawn = drawn;
  }

  #squash(actor: Actor, nowMs: number): void {
    const recent = (atMs: number): number => (this.calm ? 0 : Math.max(0, 1 - (nowMs - atMs) / SQUASH_MS));
    const flat = recent(actor.squashedAtMs) * 0.1 - recent(actor.stretchedAtMs) * 0.12;
    actor.sprite.setScale(1 + flat, 1 - flat);
  }
}
