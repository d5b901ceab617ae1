/** What is heard: effects and music, made of waves when they are needed. Nothing is downloaded. */

export const effects = ["jump", "land", "coin", "bounce", "step", "glide", "emote", "chat", "ui", "join", "leave", "fall", "fountain"] as const;
export type Effect = (typeof effects)[number];
export type Bus = "music" | "effects";

export class Sound {
  readonly #seed: number;

  /** The seed decides the melody. Nothing sounds before `unlock`. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Call it in a key's or pointer's handler: browsers let pages sound only then. Does nothing the second time. */
  unlock(): void {
    void this.#seed;
  }

  /** Let an effect be heard; `pan` runs from -1 (left) to 1 (right), `gain` from 0 to 1. */
  play(effect: Effect, at: { pan?: number; gain?: number } = {}): void {
    void [effect, at];
  }

  /** Turn the music on or off, gently. */
  music(on: boolean): void {
    void on;
  }

  /** The wind of the kite: follows `on` softly. */
  glide(on: boolean): void {
    void on;
  }

  /** `volume` runs from 0 to 1. */
  setVolume(bus: Bus, volume: number): void {
    void [bus, volume];
  }

  /** Silence for everything, or back to the volumes. */
  mute(on: boolean): void {
    void on;
  }
}
