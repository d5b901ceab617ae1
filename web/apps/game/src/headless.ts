/** The game without a page, for tests that play it from outside. */

export { MatchLink } from "./link/match";
export { Game } from "./play/game";
