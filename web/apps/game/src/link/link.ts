/** What the game needs of a server, and all that the rest of the client knows of it. The plaza's match stands behind it today. */

import type { Emote, ServerMessage, Ware, Welcome } from "@kitewind/sim";
import type { Feedback } from "@supergame/guest";

export type PlazaMessage = Exclude<ServerMessage, { type: "welcome" }>;

export interface LinkListener {
  /** Something happened in the plaza. */
  message(message: PlazaMessage): void;
  /** Somebody there said something, you included. */
  said(userId: string, text: string): void;
  /** The connection is gone, not by `leave`. Joining again is possible. */
  lost(): void;
}

export interface Link {
  /**
   * Sign in as a guest and enter a plaza. May be called again after `lost`.
   *
   * Rejects with a `LinkError`.
   */
  join(name: string, look: string): Promise<Welcome>;
  /** A batch of `Prediction.takeBatch`. Dropped when there is no connection. */
  sendInputs(batch: Uint8Array): void;
  /** Say something to everybody in the plaza. Rejects with a `LinkError` when it was not sent. */
  say(text: string): Promise<void>;
  emote(emote: Emote): void;
  /** Buy it, put it on, or take it off. */
  wear(ware: Ware): void;
  /** Begin a race, at the gate; or give it up. */
  run(begins: boolean): void;
  /** Tell the makers something. Rejects with a `LinkError` when they were not told. */
  tell(feedback: Feedback): Promise<void>;
  leave(): void;
}

/** Why it did not work, so that the page can say what to do. */
export type Trouble = "unreachable" | "wrong-key" | "not-kitewind" | "full" | "too-fast" | "refused";

export class LinkError extends Error {
  override name = "LinkError";
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}

/** What a player is told. A server's own reason goes along where there is one. */
export function advice(error: unknown): string {
  if (!(error instanceof LinkError)) return "Something went wrong here. Reload the page, please.";
  const SENTENCES: Record<Trouble, string> = {
    unreachable: "The server does not answer. Is it still running?",
    "wrong-key": "This server has a key of its own. Open the address printed in the terminal: it carries the key.",
    "not-kitewind": "This server runs another game. Start it without a file and it runs Kitewind.",
    full: "The plaza is full just now. Try again in a moment.",
    "too-fast": "A bit fast. Take a breath, then try again.",
    refused: "The server said no.",
  };
  return SENTENCES[error.trouble];
}
