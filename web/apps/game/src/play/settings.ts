/** What a player has chosen, kept in this browser. Whatever is kept there may be old or broken: each field falls back by itself. */

import type { Shelf } from "@supergame/guest";
import { type Bindings, DEFAULT_BINDINGS } from "../input/actions";

const KEY = "kitewind.settings";

export interface Settings {
  /** Loudness, 0 to 1. */
  readonly music: number;
  readonly effects: number;
  readonly muted: boolean;
  /** `auto` follows the system's wish for less motion. */
  readonly motion: "auto" | "full" | "calm";
  /** Thumb buttons on the screen; `auto` shows them where fingers are. */
  readonly touch: "auto" | "shown" | "hidden";
  readonly bindings: Bindings;
  readonly name: string;
  readonly look: string;
}

export const DEFAULTS: Settings = { music: 0.5, effects: 0.8, muted: false, motion: "auto", touch: "auto", bindings: DEFAULT_BINDINGS, name: "", look: "" };

export function readSettings(shelf: Shelf): Settings {
  const kept = parsed(shelf.getItem(KEY));
  const oneOf = <T extends string>(value: unknown, choices: readonly T[]): T => (choices as readonly unknown[]).includes(value) ? (value as T) : choices[0]!;
  const loudness = (value: unknown, otherwise: number): number => (typeof value === "number" && value >= 0 && value <= 1 ? value : otherwise);
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    music: loudness(kept["music"], DEFAULTS.music),
    effects: loudness(kept["effects"], DEFAULTS.effects),
    muted: kept["muted"] === true,
    motion: oneOf(kept["motion"], ["auto", "full", "calm"]),
    touch: oneOf(kept["touch"], ["auto", "shown", "hidden"]),
    bindings: bindingsOf(kept["bindings"]),
    name: text(kept["name"]),
    look: text(kept["look"]),
  };
}

export const keepSettings = (shelf: Shelf, settings: Settings): void => shelf.setItem(KEY, JSON.stringify(settings));

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Keys that were kept before an action was there leave it its usual one. */
function bindingsOf(kept: unknown): Bindings {
  const keys: unknown = typeof kept === "object" && kept !== null ? { race: DEFAULT_BINDINGS.race, ...kept } : kept;
  return isBindings(keys) ? keys : DEFAULT_BINDINGS;
}

function isBindings(value: unknown): value is Bindings {
  const keys = (value ?? {}) as Record<string, unknown>;
  return Object.keys(DEFAULT_BINDINGS).every((action) => {
    const codes = keys[action];
    return Array.isArray(codes) && codes.length > 0 && codes.every((code) => typeof code === "string");
  });
}
