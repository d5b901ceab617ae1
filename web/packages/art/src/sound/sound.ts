/** What is heard: effects and music, made of waves when they are needed. Nothing is downloaded. */

import { type Effect, recipes } from "./effects.ts";
import { compose } from "./music.ts";
import { render } from "./synth.ts";
import { wind } from "./wind.ts";

export type Bus = "music" | "effects";

const EFFECTS_RATE = 32_000;
const MUSIC_RATE = 22_050; // it has no high notes
const FADE_S = 0.8;
/** More at once are a roar; what comes on top is not heard. */
const VOICES_MAX = 24;

interface Output {
  readonly context: AudioContext;
  readonly master: GainNode;
  readonly buses: Readonly<Record<Bus, GainNode>>;
}

export class Sound {
  readonly #seed: number;
  readonly #open: () => AudioContext;
  readonly #volumes: Record<Bus, number> = { music: 0.5, effects: 0.8 };
  readonly #buffers = new Map<Effect, AudioBuffer>();
  #output: Output | undefined;
  #playing = 0;
  #muted = false;
  #musicWanted = false;
  #gliding = false;
  #music: GainNode | undefined;
  #wind: GainNode | undefined;

  /** The seed decides the melody. Nothing sounds before `unlock`. */
  constructor(seed: number, open: () => AudioContext = () => new AudioContext()) {
    this.#seed = seed;
    this.#open = open;
  }

  /** Call it in a key's or pointer's handler: browsers let pages sound only then. May be called at every press. */
  unlock(): void {
    this.#output ??= this.#connect();
    if (this.#output.context.state === "suspended") void this.#output.context.resume();
    if (this.#musicWanted) this.#startMusic(this.#output);
  }

  /** Let an effect be heard; `pan` runs from -1 (left) to 1 (right), `gain` from 0 to 1, `pitch` is a factor. */
  play(effect: Effect, { pan = 0, gain = 1, pitch = 1 }: { pan?: number; gain?: number; pitch?: number } = {}): void {
    const output = this.#output;
    if (!output || this.#muted || this.#playing >= VOICES_MAX) return;
    const source = output.context.createBufferSource();
    source.buffer = this.#bufferOf(effect, output.context);
    source.playbackRate.value = pitch;
    const panner = new StereoPannerNode(output.context, { pan: Math.max(-1, Math.min(1, pan)) });
    const level = new GainNode(output.context, { gain });
    source.connect(level).connect(panner).connect(output.buses.effects);
    this.#playing++;
    source.onended = () => {
      this.#playing--;
      panner.disconnect();
    };
    source.start();
  }

  /** Turn the music on or off, gently. */
  music(on: boolean): void {
    this.#musicWanted = on;
    const output = this.#output;
    if (!output) return;
    if (on) this.#startMusic(output);
    if (this.#music) fade(this.#music.gain, on ? 1 : 0, output.context, FADE_S);
  }

  /** The wind in the kite: swells while `on`. Cheap enough to be told at every tick. */
  glide(on: boolean): void {
    const output = this.#output;
    if (!output || on === this.#gliding) return;
    this.#gliding = on;
    this.#wind ??= loop(output, bufferOf(output.context, wind(EFFECTS_RATE), EFFECTS_RATE), "effects");
    fade(this.#wind.gain, on ? 1 : 0, output.context, on ? 0.35 : 0.2);
  }

  /** `volume` runs from 0 to 1. */
  setVolume(bus: Bus, volume: number): void {
    this.#volumes[bus] = volume;
    if (this.#output) fade(this.#output.buses[bus].gain, volume, this.#output.context, 0.05);
  }

  /** Silence for everything, or back to the volumes. */
  mute(on: boolean): void {
    this.#muted = on;
    if (this.#output) fade(this.#output.master.gain, on ? 0 : 1, this.#output.context, 0.05);
  }

  #connect(): Output {
    const context = this.#open();
    const master = new GainNode(context, { gain: this.#muted ? 0 : 1 });
    const limiter = new DynamicsCompressorNode(context, { threshold: -10, ratio: 6 });
    master.connect(limiter).connect(context.destination);
    const bus = (name: Bus): GainNode => {
      const node = new GainNode(context, { gain: this.#volumes[name] });
      node.connect(master);
      return node;
    };
    return { context, master, buses: { music: bus("music"), effects: bus("effects") } };
  }

  #bufferOf(effect: Effect, context: AudioContext): AudioBuffer {
    const known = this.#buffers.get(effect) ?? bufferOf(context, render(recipes[effect], EFFECTS_RATE), EFFECTS_RATE);
    this.#buffers.set(effect, known);
    return known;
  }

  /** Composes a note at a time between other work, then plays the loop. The second call does nothing. */
  #startMusic(output: Output): void {
    if (this.#music) return;
    const level = new GainNode(output.context, { gain: 0 });
    this.#music = level;
    const notes = compose(this.#seed, MUSIC_RATE);
    const note = (): void => {
      const { done, value } = notes.next();
      if (!done) {
        setTimeout(note);
        return;
      }
      const source = output.context.createBufferSource();
      source.buffer = bufferOf(output.context, value, MUSIC_RATE);
      source.loop = true;
      source.connect(level).connect(output.buses.music);
      source.start();
      if (this.#musicWanted) fade(level.gain, 1, output.context, 2 * FADE_S);
    };
    setTimeout(note);
  }
}

function bufferOf(context: AudioContext, samples: Float32Array<ArrayBuffer>, rate: number): AudioBuffer {
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

function loop(output: Output, buffer: AudioBuffer, bus: Bus): GainNode {
  const level = new GainNode(output.context, { gain: 0 });
  const source = output.context.createBufferSource();
  source.buffer = buffer;
  source.loop = true;
  source.connect(level).connect(output.buses[bus]);
  source.start();
  return level;
}

/** A step in volume would click. */
function fade(param: AudioParam, value: number, context: AudioContext, seconds: number): void {
  param.cancelScheduledValues(context.currentTime);
  param.setTargetAtTime(value, context.currentTime, seconds / 3);
}
