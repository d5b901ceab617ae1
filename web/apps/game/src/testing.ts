/** What the browser tests may look at. They count ticks of the simulation, never frames of the screen. */

import type { Body } from "@kitewind/sim";
import type { Game } from "./play/game";
import type { Character } from "./play/plaza";

export interface TestWindow {
  /** Ticks of one's own body since it came in; -1 outside a plaza. */
  readonly tick: number;
  readonly body: Readonly<Body> | undefined;
  readonly stateHash: number;
  /** The stage as it came. */
  readonly rows: readonly string[];
  /** Everybody as drawn now; places in pixels. */
  entities(): Character[];
  /** Coins that are to be seen. */
  readonly coins: number;
}

declare global {
  interface Window {
    __sg?: TestWindow;
  }
}

export function exposeForTests(game: () => Game | undefined): void {
  window.__sg = {
    get tick() {
      return game()?.plaza?.ticks ?? -1;
    },
    get body() {
      return game()?.plaza?.body;
    },
    get stateHash() {
      return game()?.plaza?.stateHash ?? 0;
    },
    get coins() {
      return game()?.plaza?.coins().length ?? 0;
    },
    get rows() {
      return game()?.plaza?.stage.rows ?? [];
    },
    entities: () => game()?.plaza?.characters(performance.now(), 1) ?? [],
  };
}
